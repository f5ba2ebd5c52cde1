/** Shares. */
import { expect, it } from 'vitest';
import { shareText } from './shares';

it('a share is never rounded up to all', () => {
  expect(shareText(1, 2)).toBe('50%');
  expect(shareText(1, 3)).toBe('33.3%');
  expect(shareText(9999, 10_000)).toBe('99.9%');
  expect(shareText(3, 3)).toBe('100%');
  expect(shareText(0, 0)).toBe('–');
});
