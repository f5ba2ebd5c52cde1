/** What a person answers about a preview, and what is told to the server. Pure. */
import type { RowChoice, SheetKind, StatementPreview } from '@/api/statementShapes';

/** A row's answer: its line, or that it enters none. Without one it stays an unlisted row. */
export type RowAnswer = number | 'ignore';

export interface Answers {
  /** By `kind` and name as printed. */
  rows: Record<string, RowAnswer>;
  periods: Record<string, string>;
  returnPeriods: Record<string, string>;
  skipped: number[];
}

export const firstAnswers: Answers = { rows: {}, periods: {}, returnPeriods: {}, skipped: [] };

export const rowKey = (kind: SheetKind, name: string) => `${kind}\n${name}`;

/** Whether a statement that is to be saved has no period yet. */
export function periodsNeeded(preview: StatementPreview, answers: Answers): boolean {
  const sheet = preview.statements.some(
    (found) =>
      !answers.skipped.includes(found.index) &&
      !found.period_named &&
      !answers.periods[found.index],
  );
  const filed = preview.returns.some(
    (found) => !found.period_named && !answers.returnPeriods[found.index],
  );
  return sheet || filed;
}

/** The answers as the server takes them: only rows that are in this file. */
export function choicesOf(preview: StatementPreview, answers: Answers): RowChoice[] {
  const choices = new Map<string, RowChoice>();
  for (const { statement, matched } of preview.statements) {
    const names = [...statement.unlisted.map((row) => row.name), ...matched.map((row) => row.name)];
    for (const name of names) {
      const key = rowKey(statement.kind, name);
      const answer = answers.rows[key];
      if (answer === undefined) continue;
      const line = answer === 'ignore' ? null : answer;
      choices.set(key, { statement: statement.kind, name, line });
    }
  }
  return [...choices.values()];
}
