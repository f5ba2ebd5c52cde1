/** Money in fen as people read it, and back. */

export type MoneyUnit = 'yuan' | 'wan';

/** Thousands separators in the whole part of a decimal text. */
export function group(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Fen as 元 or 万元; negative amounts in parentheses. */
export function formatFen(fen: number | null | undefined, unit: MoneyUnit = 'yuan'): string {
  if (fen === null || fen === undefined) return '–';
  const size = Math.abs(fen);
  const digits = unit === 'yuan' ? (size / 100).toFixed(2) : trimZeros((size / 1e6).toFixed(4));
  const text = group(digits);
  return fen < 0 ? `(${text})` : text;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

/** Reads what a person typed as 元; null when it is not an amount. */
export function parseYuan(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[,\s¥]/g, '')
    .replace(/^\((.*)\)$/, '-$1');
  if (!/^-?\d{1,13}(\.\d{1,2})?$/.test(plain)) return null;
  return Math.round(Number(plain) * 100);
}
