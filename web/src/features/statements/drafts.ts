/**
 * Figures that are being typed, kept in memory only: key financial data is never written to the
 * browser's store. Signing out loads the page anew and so drops them.
 */
import type { SetView, SheetKind, SheetUnit, Standard } from '@/api/statementShapes';
import type { SetAt } from '@/api/statements';
import { cellKey } from './marks';
import { tidyInUnit } from './paste';

export interface EntryDraft {
  standard: Standard;
  unit: SheetUnit;
  carriesFen: boolean;
  /** What stands in each input, by cell. */
  texts: Record<string, string>;
  /** What is known besides, by name. */
  facts: Record<string, string>;
}

export const SHEETS: SheetKind[] = ['balance_sheet', 'income', 'cash_flow'];

const kept = new Map<string, EntryDraft>();
const place = (at: SetAt) => `${at.client} ${at.kind} ${at.period}`;

export const readDraft = (at: SetAt): EntryDraft | undefined => kept.get(place(at));

export function keepDraft(at: SetAt, draft: EntryDraft | null): void {
  if (draft) kept.set(place(at), draft);
  else kept.delete(place(at));
}

/** What the inputs start from. */
export function startOf(view: SetView | null): EntryDraft {
  const sheets = view?.statements ?? [];
  const first = sheets[0];
  const unit = first?.unit ?? 'yuan';
  const texts: Record<string, string> = {};
  for (const sheet of sheets) {
    for (const [column, figures] of Object.entries(sheet.columns)) {
      for (const [line, fen] of Object.entries(figures ?? {})) {
        texts[cellKey(sheet.kind, column, line)] = tidyInUnit(fen, unit);
      }
    }
  }
  const facts = Object.entries(view?.facts ?? {}).map(([fact, value]) => [
    fact,
    fact === 'no_distribution_confirmed' ? String(value) : tidyInUnit(value, 'yuan'),
  ]);
  return {
    standard: first?.standard ?? 'small',
    unit,
    carriesFen: first?.carries_fen ?? true,
    texts,
    facts: Object.fromEntries(facts) as Record<string, string>,
  };
}
