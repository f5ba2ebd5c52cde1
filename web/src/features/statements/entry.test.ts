/** From what was typed to what is saved. */
import { describe, expect, it } from 'vitest';
import type { Chart, ChartLine, SetView } from '@/api/statementShapes';
import { keepDraft, readDraft, startOf } from './drafts';
import type { EntryDraft } from './drafts';
import { columnsFor, factsOf, sheetsOf, turned, wrongCells } from './entry';

const line = (number: number): ChartLine => ({
  number, code: '', zh: '', en: '', kind: 'item', parent: null, addends: [], note: '',
});
const chart: Chart = {
  standard: 'small',
  statements: { balance_sheet: [line(1), line(2)], income: [line(1)], cash_flow: [line(1)] },
};
const draft = (over: Partial<EntryDraft>): EntryDraft => ({
  ...startOf(null),
  ...over,
});

describe('what was typed', () => {
  it('is saved by column and line, and only statements with a figure', () => {
    const typed = draft({
      texts: { 'balance_sheet-closing-1': '1,000.5', 'balance_sheet-opening-2': '(3)' },
    });
    const sheets = sheetsOf(typed, chart, null, '2026-04');
    expect(sheets).toHaveLength(1);
    expect(sheets[0]?.columns).toEqual({ closing: { 1: 100_050 }, opening: { 2: -300 } });
    expect(sheets[0]?.printed).toEqual([1, 2]);
  });
  it('keeps a statement of a layout that is not typed here as it was', () => {
    const older = {
      kind: 'income', standard: 'general', layout: 'before2019', unit: 'yuan', carries_fen: true,
      columns: { current: { 7: 5 } }, printed: [7], unlisted: [],
    };
    const view = { statements: [older], facts: {} } as unknown as SetView;
    expect(sheetsOf(startOf(view), chart, view, '2018')).toEqual([older]);
  });
  it('names the cells that are no amounts', () => {
    expect(wrongCells(draft({ texts: { a: '1', b: 'x', c: '' } }))).toEqual(['b']);
  });
  it('keeps its digits when the unit changes', () => {
    const typed = turned(draft({ texts: { a: '1200.50', b: 'x' } }), 'ten_thousand');
    expect(typed.texts).toEqual({ a: '1200.50', b: 'x' });
    expect([typed.unit, typed.carriesFen]).toEqual(['ten_thousand', false]);
  });
  it('starts from the figures that are there', () => {
    const view = {
      statements: [{
        kind: 'income', standard: 'general', layout: 'prescribed', unit: 'yuan',
        carries_fen: false, columns: { current: { 1: 12_300 } }, printed: [], unlisted: [],
      }],
      facts: { restricted_cash: 500, no_distribution_confirmed: 1 },
    } as unknown as SetView;
    expect(startOf(view)).toEqual({
      standard: 'general',
      unit: 'yuan',
      carriesFen: false,
      texts: { 'income-current-1': '123.00' },
      facts: { restricted_cash: '5.00', no_distribution_confirmed: '1' },
    });
  });
});

describe('columns', () => {
  it('are those of the form for the length of the period', () => {
    expect(columnsFor('balance_sheet', '2026')).toEqual(['closing', 'opening']);
    expect(columnsFor('income', '2026')).toEqual(['current', 'prior']);
    expect(columnsFor('cash_flow', '2026Q1')).toEqual(['current', 'year_to_date']);
  });
});

describe('facts', () => {
  it('are amounts, or a confirmation', () => {
    expect(factsOf({ restricted_cash: '5', no_distribution_confirmed: '1' })).toEqual({
      restricted_cash: 500, no_distribution_confirmed: 1,
    });
    expect(factsOf({ restricted_cash: '', no_distribution_confirmed: '0' })).toEqual({});
    expect(factsOf({ restricted_cash: 'x' })).toBeNull();
  });
});

describe('drafts', () => {
  it('stay in memory and never in the browser store', () => {
    const at = { client: 'c', kind: 'FS', period: '2026-04' };
    keepDraft(at, draft({ texts: { a: '98765' } }));
    expect(readDraft(at)?.texts).toEqual({ a: '98765' });
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('98765');
    keepDraft(at, null);
    expect(readDraft(at)).toBeUndefined();
  });
});
