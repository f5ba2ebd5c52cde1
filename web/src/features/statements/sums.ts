/** Live totals of a statement that is being typed, by the addends of the chart. Pure. */
import type { ChartLine, Figures } from '@/api/statementShapes';

export interface Total {
  /** What the addends come to; blank addends count as zero. */
  fen: number;
  /** Whether the typed total says otherwise. */
  differs: boolean;
}

/** Totals by line; a total none of whose addends is known is left out. */
export function totals(lines: ChartLine[], figures: Figures): Map<number, Total> {
  const sums = new Map(
    lines.filter((line) => line.kind === 'sum').map((line) => [line.number, line]),
  );
  const found = new Map<number, Total>();
  const open = new Set<number>();

  /** The figure of a line: as typed, else as computed. */
  function figure(number: number): number | undefined {
    return figures[number] ?? computed(number)?.fen;
  }

  function computed(number: number): Total | undefined {
    const line = sums.get(number);
    if (!line || open.has(number)) return undefined;
    const known = found.get(number);
    if (known) return known;
    open.add(number);
    let fen = 0;
    let any = false;
    for (const { sign, line: addend } of line.addends) {
      const part = figure(addend);
      if (part === undefined) continue;
      any = true;
      fen += sign * part;
    }
    open.delete(number);
    if (!any) return undefined;
    const typed = figures[number];
    const total = { fen, differs: typed !== undefined && typed !== fen };
    found.set(number, total);
    return total;
  }

  for (const number of sums.keys()) computed(number);
  return found;
}

/** The figures with every blank total filled in. */
export function filled(lines: ChartLine[], figures: Figures): Figures {
  const next = { ...figures };
  for (const [line, total] of totals(lines, figures)) next[line] ??= total.fen;
  return next;
}

/** Splits a two-sided balance sheet after its 资产总计; one side for any other form. */
export function sides(lines: ChartLine[]): [ChartLine[], ChartLine[]] {
  const end = lines.findIndex((line) => line.code === 'assets_total');
  return end < 0 ? [lines, []] : [lines.slice(0, end + 1), lines.slice(end + 1)];
}
