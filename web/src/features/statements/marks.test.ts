/** Marks of broken cells, and what changed between revisions. */
import { describe, expect, it } from 'vitest';
import type { RuleCell, RuleResult, SetView } from '@/api/statementShapes';
import { changesOf, elsewhere, grouped, keyIn, marksOf } from './marks';

const cell = (over: Partial<RuleCell>): RuleCell => ({
  side: 'left',
  sign: 1,
  fen: 1,
  period: '2026-04',
  statement: 'balance_sheet',
  form: null,
  column: 'closing',
  line: '15',
  zh: '',
  en: '',
  ...over,
});

const result = (over: Partial<RuleResult>): RuleResult => ({
  rule: 'BS-01',
  name: '',
  name_en: '',
  severity: 'error',
  outcome: 'broken',
  statement: 'balance_sheet',
  column: 'closing',
  left_fen: 1,
  right_fen: 2,
  difference_fen: -1,
  tolerance_fen: 0,
  zh: '',
  en: '',
  cells: [],
  blanks: [],
  ...over,
});

const view = (results: RuleResult[]) =>
  ({ kind: 'FS', period: '2026-04', results }) as unknown as SetView;

describe('marks', () => {
  it('stand on the cells of this set, the gravest rule first', () => {
    const marks = marksOf(
      view([
        result({ rule: 'W', severity: 'warning', cells: [cell({})] }),
        result({ rule: 'E', cells: [cell({}), cell({ period: '2026-03' })] }),
        result({ rule: 'H', outcome: 'holds', cells: [cell({})] }),
      ]),
    );
    expect([...marks.keys()]).toEqual(['balance_sheet-closing-15']);
    expect(marks.get('balance_sheet-closing-15')?.map((one) => one.rule)).toEqual(['E', 'W']);
  });
  it('are not put on cells of another period, form or fact', () => {
    const here = view([]);
    expect(keyIn(here, cell({ period: '2026-03' }))).toBeNull();
    const filed = cell({ statement: null, form: 'VAT_G', column: 'main', line: '1' });
    expect(keyIn(here, filed)).toBeNull();
    expect(elsewhere(filed)).toEqual({ kind: 'VAT_G', period: '2026-04' });
    expect(elsewhere(cell({ statement: null, column: null, line: null }))).toBeNull();
  });
  it('are grouped by severity when broken, else by outcome', () => {
    const groups = grouped([
      result({ severity: 'hint' }),
      result({ outcome: 'excepted' }),
      result({ outcome: 'uncheckable' }),
    ]);
    expect([groups.hint.length, groups.excepted.length, groups.uncheckable.length]).toEqual([
      1, 1, 1,
    ]);
    expect(groups.error).toEqual([]);
  });
});

describe('changes between revisions', () => {
  const sheet = (figures: Record<string, number>) =>
    ({
      statements: [{ kind: 'balance_sheet', columns: { closing: figures } }],
      filed: null,
    }) as unknown as SetView;
  it('name what is new, gone and different', () => {
    const changes = changesOf(sheet({ 1: 5, 2: 6, 3: 7 }), sheet({ 1: 5, 2: 60, 4: 8 }));
    const short = changes.map(({ line, before, after }) => [line, before, after]);
    expect(short).toEqual([
      ['2', 6, 60],
      ['3', 7, undefined],
      ['4', undefined, 8],
    ]);
  });
});
