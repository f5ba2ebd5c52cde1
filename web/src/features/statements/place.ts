/** Naming a cell of a workbook as spreadsheets do. Pure. */
import type { FilePlace } from '@/api/statementShapes';

/** The letters of a column that is counted from 1. */
export function letters(column: number): string {
  let rest = column;
  let text = '';
  while (rest > 0) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
    rest = Math.floor((rest - 1) / 26);
  }
  return text;
}

/** `Sheet1!C5`; only the sheet when the place is a whole one. */
export function cellName(place: FilePlace): string {
  const cell = place.row > 0 ? `${letters(place.column)}${place.row}` : '';
  return cell ? `${place.sheet}!${cell}` : place.sheet;
}
