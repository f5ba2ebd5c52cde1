/** Money, counts and times as people read them. */
import { describe, expect, it } from 'vitest';
import { formatFen, parseYuan } from './money';
import { formatCount, formatTotal, initial, percent } from './text';
import { formatDay, formatInstant, readInstant } from './time';

describe('money', () => {
  it('is shown in yuan with separators and two digits', () => {
    expect(formatFen(123_456_789)).toBe('1,234,567.89');
    expect(formatFen(5)).toBe('0.05');
  });
  it('is shown in 万元 without idle zeros', () => {
    expect(formatFen(500_000_000, 'wan')).toBe('500');
    expect(formatFen(123_450_000, 'wan')).toBe('123.45');
  });
  it('shows a negative amount in parentheses and a missing one as a dash', () => {
    expect(formatFen(-100)).toBe('(1.00)');
    expect(formatFen(null)).toBe('–');
  });
  it('is read back as it was shown', () => {
    for (const fen of [0, 1, 99, 100, 123_456_789, -500]) {
      expect(parseYuan(formatFen(fen))).toBe(fen);
    }
  });
  it('takes full-width digits and refuses what is no amount', () => {
    expect(parseYuan('１２３．５')).toBe(12_350);
    expect(parseYuan('1,200')).toBe(120_000);
    for (const text of ['', '12.345', 'abc', '1e5', '--1']) expect(parseYuan(text)).toBeNull();
  });
});

describe('counts', () => {
  it('carry separators', () => expect(formatCount(1234567)).toBe('1,234,567'));
  it('stop at the cap in the words of the language', () => {
    expect(formatTotal({ count: 10_000, capped: true }, '万')).toBe('1万+');
    expect(formatTotal({ count: 10_000, capped: true }, '')).toBe('10,000+');
    expect(formatTotal({ count: 312, capped: false }, '万')).toBe('312');
  });
  it('reach 100 percent only at the end', () => {
    expect(percent(999, 1000)).toBe(99);
    expect(percent(1000, 1000)).toBe(100);
    expect(percent(0, 0)).toBe(0);
  });
});

describe('an instant', () => {
  it('is shown in the time zone of the firm', () => {
    expect(formatInstant('2026-01-31T16:30:00Z')).toBe('2026-02-01 00:30');
    expect(formatDay('2026-01-31T16:30:00Z')).toBe('2026-02-01');
  });
  it('is read from microseconds, milliseconds and text alike', () => {
    const ms = Date.UTC(2026, 0, 2, 3, 4, 5);
    expect(readInstant(ms)?.getTime()).toBe(ms);
    expect(readInstant(ms * 1000)?.getTime()).toBe(ms);
    expect(readInstant(String(ms * 1000))?.getTime()).toBe(ms);
    expect(readInstant(new Date(ms).toISOString())?.getTime()).toBe(ms);
  });
  it('leaves a plain day as it is', () => expect(formatDay('2026-02-01')).toBe('2026-02-01'));
  it('shows nothing as a dash', () => expect(formatInstant(null)).toBe('–'));
});

describe('the letter of a person', () => {
  it('is the last one of a Chinese name and the first of another', () => {
    expect(initial('陈思远')).toBe('远');
    expect(initial('ann')).toBe('A');
    expect(initial('')).toBe('?');
  });
});
