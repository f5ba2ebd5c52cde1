/** Live totals, amounts and pasted cells. */
import { describe, expect, it } from 'vitest';
import type { ChartLine } from '@/api/statementShapes';
import { inUnit, parseAmount, pasted, placed } from './paste';
import { filled, sides, totals } from './sums';

const line = (number: number, kind: string, addends: [number, number][] = [], code = '') =>
  ({
    number,
    code,
    zh: `line ${number}`,
    en: `line ${number}`,
    kind,
    parent: null,
    addends: addends.map(([sign, of]) => ({ sign, line: of })),
    note: '',
  }) satisfies ChartLine;

const form = [
  line(1, 'item'),
  line(2, 'item'),
  line(3, 'sum', [[1, 1], [-1, 2]]),
  line(4, 'item'),
  line(5, 'sum', [[1, 3], [1, 4]], 'assets_total'),
  line(6, 'item'),
];

describe('live totals', () => {
  it('add signed lines and count a blank as zero', () => {
    expect(totals(form, { 1: 1000, 2: 300 }).get(3)).toEqual({ fen: 700, differs: false });
    expect(totals(form, { 1: 1000 }).get(3)).toEqual({ fen: 1000, differs: false });
  });
  it('go through totals that are still blank', () => {
    expect(totals(form, { 1: 1000, 2: 300, 4: 5 }).get(5)).toEqual({ fen: 705, differs: false });
  });
  it('take a typed total for the next one and mark what differs', () => {
    const found = totals(form, { 1: 1000, 2: 300, 3: 800, 4: 5 });
    expect(found.get(3)).toEqual({ fen: 700, differs: true });
    expect(found.get(5)).toEqual({ fen: 805, differs: false });
  });
  it('say nothing of a total without any figure', () => {
    expect(totals(form, {}).size).toBe(0);
  });
  it('do not run in circles', () => {
    const circle = [line(1, 'sum', [[1, 2]]), line(2, 'sum', [[1, 1]])];
    expect(totals(circle, {}).size).toBe(0);
  });
  it('fill blanks only', () => {
    expect(filled(form, { 1: 10, 3: 11 })).toEqual({ 1: 10, 3: 11, 5: 11 });
  });
  it('part a balance sheet after the assets', () => {
    const [left, right] = sides(form);
    expect([left.length, right.length]).toEqual([5, 1]);
    expect(sides(form.slice(0, 4))[1]).toEqual([]);
  });
});

describe('amounts', () => {
  it('are read exactly in each unit', () => {
    expect(parseAmount('1,234.56', 'yuan')).toBe(123_456);
    expect(parseAmount('9007199254740.99', 'yuan')).toBe(900_719_925_474_099);
    expect(parseAmount('1.2345', 'ten_thousand')).toBe(1_234_500);
    expect(parseAmount('0.001', 'yuan')).toBeUndefined();
    expect(parseAmount('1.005', 'thousand')).toBe(100_500);
  });
  it('may be negative in several ways, blank or wrong', () => {
    for (const text of ['-5', '(5)', '（5）', '－5', '−5']) {
      expect(parseAmount(text, 'yuan'), text).toBe(-500);
    }
    expect(parseAmount('  ', 'yuan')).toBeNull();
    expect(parseAmount('-', 'yuan')).toBeNull();
    expect(parseAmount('n/a', 'yuan')).toBeUndefined();
    expect(Object.is(parseAmount('-0', 'yuan'), 0)).toBe(true);
  });
  it('come back as they were typed', () => {
    expect(inUnit(123_456, 'yuan')).toBe('1234.56');
    expect(inUnit(-5, 'yuan')).toBe('-0.05');
    expect(inUnit(1_234_500, 'ten_thousand')).toBe('1.2345');
    expect(inUnit(3_000_000, 'ten_thousand')).toBe('3');
    for (const unit of ['yuan', 'thousand', 'ten_thousand'] as const) {
      for (const fen of [0, 1, -1, 99, 100, 123_456_789]) {
        expect(parseAmount(inUnit(fen, unit), unit)).toBe(fen);
      }
    }
  });
});

describe('pasted cells', () => {
  it('are rows and columns without the last line break', () => {
    expect(pasted('1\t2\r\n3\t4\r\n')).toEqual([['1', '2'], ['3', '4']]);
    expect(pasted('7')).toEqual([['7']]);
  });
  it('keep blanks in their place and name what is no amount', () => {
    const { cells, wrong } = placed('1.00\n\n(2.50)\nabc\n', 'yuan');
    expect(cells).toEqual([
      { row: 0, column: 0, fen: 100 },
      { row: 1, column: 0, fen: null },
      { row: 2, column: 0, fen: -250 },
    ]);
    expect(wrong).toEqual(['abc']);
  });
});
