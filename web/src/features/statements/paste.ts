/** Cells copied from a spreadsheet, and amounts as people type them. Pure. */
import type { SheetUnit } from '@/api/statementShapes';
import { group } from '@/format/money';

/** One unit in fen. */
export const UNIT_FEN: Record<SheetUnit, number> = {
  yuan: 100,
  thousand: 100_000,
  ten_thousand: 1_000_000,
};

/**
 * Reads an amount in a unit; null when blank, undefined when it is no amount. Works on the digits,
 * so that no fen is lost on the way through fractions.
 */
export function parseAmount(text: string, unit: SheetUnit): number | null | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[,\s¥￥_']/g, '')
    .replace(/[−–—]/g, '-')
    .replace(/^\((.*)\)$/, '-$1');
  if (plain === '' || plain === '-') return null;
  const match = /^([+-]?)(\d{1,13})(?:\.(\d*))?$/.exec(plain);
  if (!match) return undefined;
  const places = String(UNIT_FEN[unit]).length - 1;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  const fen = Number(`${match[2]}${fraction.padEnd(places, '0')}`);
  if (!Number.isSafeInteger(fen)) return undefined;
  return match[1] === '-' && fen !== 0 ? -fen : fen;
}

/** An amount as it stands in an input of that unit: plain digits, no separators. */
export function inUnit(fen: number, unit: SheetUnit): string {
  const places = String(UNIT_FEN[unit]).length - 1;
  const digits = String(Math.abs(fen)).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  const kept = unit === 'yuan' ? digits.slice(-places) : fraction;
  const text = kept ? `${digits.slice(0, -places)}.${kept}` : digits.slice(0, -places);
  return fen < 0 ? `-${text}` : text;
}

/** The same with thousands separators, as a tidy input shows it. */
export const tidyInUnit = (fen: number, unit: SheetUnit): string => group(inUnit(fen, unit));

/** The rows and cells of a clipboard text; the empty row that spreadsheets add is dropped. */
export function pasted(text: string): string[][] {
  const rows = text.replace(/\r\n?/g, '\n').split('\n');
  if (rows.length > 1 && rows.at(-1) === '') rows.pop();
  return rows.map((row) => row.split('\t'));
}

export interface Placed {
  /** How many rows below the focused cell. */
  row: number;
  /** How many columns to its right. */
  column: number;
  /** Null for a blank cell. */
  fen: number | null;
}

/** Cells to fill, from the focused one on; `wrong` are texts that are no amounts. */
export function placed(
  text: string,
  unit: SheetUnit,
): { cells: Placed[]; wrong: string[] } {
  const cells: Placed[] = [];
  const wrong: string[] = [];
  pasted(text).forEach((cellsOfRow, row) =>
    cellsOfRow.forEach((cell, column) => {
      const fen = parseAmount(cell, unit);
      if (fen === undefined) wrong.push(cell.trim());
      else cells.push({ row, column, fen });
    }),
  );
  return { cells, wrong };
}
