/** Names of cells. */
import { expect, it } from 'vitest';
import { cellName, letters } from './place';

it('names columns as spreadsheets do', () => {
  expect([1, 26, 27, 52, 53, 702, 703].map(letters)).toEqual([
    'A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA',
  ]);
});

it('names a cell with its sheet', () => {
  expect(cellName({ sheet: 'BS', row: 5, column: 3 })).toBe('BS!C5');
  expect(cellName({ sheet: 'BS', row: 0, column: 0 })).toBe('BS');
});
