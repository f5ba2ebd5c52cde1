/** From what was typed to what is saved. Pure. */
import type {
  Chart, Figures, SetView, SheetColumn, SheetDraft, SheetKind, SheetUnit,
} from '@/api/statementShapes';
import { SHEETS } from './drafts';
import type { EntryDraft } from './drafts';
import { cellKey } from './marks';
import { parseAmount } from './paste';

/** The columns that a statement of a period has: an annual one compares with last year. */
export function columnsFor(kind: SheetKind, period: string): SheetColumn[] {
  if (kind === 'balance_sheet') return ['closing', 'opening'];
  return /^\d{4}$/.test(period) ? ['current', 'prior'] : ['current', 'year_to_date'];
}

/** Columns to type: those of the period, and others that the set already has. */
export function columnsOf(
  kind: SheetKind,
  period: string,
  view: SetView | null,
): SheetColumn[] {
  const sheet = view?.statements.find((one) => one.kind === kind);
  const own = Object.keys(sheet?.columns ?? {}) as SheetColumn[];
  return [...new Set([...columnsFor(kind, period), ...own])];
}

/** Whether the lines of a set's statement are those of the chart that is offered. */
export function isTypable(view: SetView | null, kind: SheetKind): boolean {
  const sheet = view?.statements.find((one) => one.kind === kind);
  return !sheet || sheet.standard === 'small' || sheet.layout === 'prescribed';
}

/** The figures of a column; texts that are no amounts are left out. */
export function figuresOf(
  draft: EntryDraft,
  kind: SheetKind,
  column: SheetColumn,
  lines: { number: number }[],
): Figures {
  const figures: Figures = {};
  for (const { number } of lines) {
    const fen = parseAmount(draft.texts[cellKey(kind, column, number)] ?? '', draft.unit);
    if (typeof fen === 'number') figures[number] = fen;
  }
  return figures;
}

/** Cells whose text is no amount. */
export function wrongCells(draft: EntryDraft): string[] {
  return Object.entries(draft.texts)
    .filter(([, text]) => parseAmount(text, draft.unit) === undefined)
    .map(([key]) => key);
}

/** The same digits read in another unit; only yuan can carry fen. */
export function turned(draft: EntryDraft, unit: SheetUnit): EntryDraft {
  return { ...draft, unit, carriesFen: unit === 'yuan' && draft.carriesFen };
}

/** The statements to save: those with a figure, and those that are not typed here, as they were. */
export function sheetsOf(draft: EntryDraft, chart: Chart, view: SetView | null, period: string) {
  const sheets: SheetDraft[] = [];
  for (const kind of SHEETS) {
    const before = view?.statements.find((one) => one.kind === kind);
    if (before && !isTypable(view, kind)) {
      sheets.push(before);
      continue;
    }
    const lines = chart.statements[kind] ?? [];
    const columns: SheetDraft['columns'] = {};
    for (const column of columnsOf(kind, period, view)) {
      const figures = figuresOf(draft, kind, column, lines);
      if (Object.keys(figures).length > 0) columns[column] = figures;
    }
    if (Object.keys(columns).length === 0) continue;
    sheets.push({
      kind,
      standard: draft.standard,
      layout: before && before.standard === draft.standard ? before.layout : 'prescribed',
      unit: draft.unit,
      carries_fen: draft.carriesFen,
      columns,
      printed: before?.printed ?? lines.map((line) => line.number),
      unlisted: before?.unlisted ?? [],
    });
  }
  return sheets;
}

/** Facts as they are saved: truths as 0 or 1, amounts in fen; blank ones are left out. */
export function factsOf(facts: Record<string, string>): Record<string, number> | null {
  const found: Record<string, number> = {};
  for (const [fact, text] of Object.entries(facts)) {
    if (fact === 'no_distribution_confirmed') {
      if (text === '1') found[fact] = 1;
      continue;
    }
    const fen = parseAmount(text, 'yuan');
    if (fen === undefined) return null;
    if (fen !== null) found[fact] = fen;
  }
  return found;
}
