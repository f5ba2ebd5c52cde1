/** Which cells of a set are marked, and by which rules. Pure. */
import type { Severity } from '@/api/shapes';
import type { RuleCell, RuleResult, SetView } from '@/api/statementShapes';

/** A cell of a set: the statement or form, its column, its line. */
export const cellKey = (sheet: string, column: string, line: string | number) =>
  `${sheet}-${column}-${line}`;

/** The key of a place to look at, when it lies in this set. */
export function keyIn(view: Pick<SetView, 'kind' | 'period'>, cell: RuleCell): string | null {
  if (cell.period !== view.period || cell.column === null || cell.line === null) return null;
  if (cell.statement) {
    return view.kind === 'FS' ? cellKey(cell.statement, cell.column, cell.line) : null;
  }
  return cell.form === view.kind ? cellKey(cell.form, cell.column, cell.line) : null;
}

/** Where a place lies that is not in this set; null for a fact. */
export function elsewhere(cell: RuleCell): { kind: string; period: string } | null {
  if (cell.statement) return { kind: 'FS', period: cell.period };
  return cell.form ? { kind: cell.form, period: cell.period } : null;
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, hint: 2 };

/** Broken rules by the cells that enter them, the gravest first. */
export function marksOf(view: SetView): Map<string, RuleResult[]> {
  const marks = new Map<string, RuleResult[]>();
  for (const result of view.results) {
    if (result.outcome !== 'broken') continue;
    const keys = new Set(result.cells.map((cell) => keyIn(view, cell)));
    for (const key of keys) {
      if (key) marks.set(key, [...(marks.get(key) ?? []), result]);
    }
  }
  for (const results of marks.values()) {
    results.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  }
  return marks;
}

/** The groups of the panel, in its order. */
export const GROUPS = ['error', 'warning', 'hint', 'uncheckable', 'excepted', 'holds'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(result: RuleResult): Group {
  return result.outcome === 'broken' ? result.severity : result.outcome;
}

export function grouped(results: RuleResult[]): Record<Group, RuleResult[]> {
  const groups: Record<Group, RuleResult[]> = {
    error: [], warning: [], hint: [], uncheckable: [], excepted: [], holds: [],
  };
  for (const result of results) groups[groupOf(result)].push(result);
  return groups;
}

export interface Change {
  key: string;
  sheet: string;
  column: string;
  line: string;
  before: number | undefined;
  after: number | undefined;
}

/** Every figure of a set by its cell. */
function figuresOf(view: Pick<SetView, 'statements' | 'filed'>): Map<string, Change> {
  const all = new Map<string, Change>();
  const put = (sheet: string, column: string, figures: Record<string, number>) => {
    for (const [line, fen] of Object.entries(figures)) {
      const key = cellKey(sheet, column, line);
      all.set(key, { key, sheet, column, line, before: undefined, after: fen });
    }
  };
  for (const sheet of view.statements) {
    for (const [column, figures] of Object.entries(sheet.columns)) {
      put(sheet.kind, column, figures ?? {});
    }
  }
  for (const [column, figures] of Object.entries(view.filed?.columns ?? {})) {
    put(view.filed?.form ?? '', column, figures);
  }
  return all;
}

/** What changed between two revisions, cell by cell. */
export function changesOf(
  before: Pick<SetView, 'statements' | 'filed'>,
  after: Pick<SetView, 'statements' | 'filed'>,
): Change[] {
  const [old, now] = [figuresOf(before), figuresOf(after)];
  const changes: Change[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    const place = is ?? was;
    if (!place || was?.after === is?.after) continue;
    changes.push({ ...place, before: was?.after, after: is?.after });
  }
  return changes;
}
