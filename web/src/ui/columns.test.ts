/** Column settings: order, show, freeze, and what survives in the browser. */
import { beforeEach, describe, expect, it } from 'vitest';
import { arrange, columnStore, firstSettings, loadSettings, move, saveSettings, toggle } from './columns';

const columns = [
  { key: 'name', fixed: true, frozenAtFirst: true },
  { key: 'code' },
  { key: 'stage' },
  { key: 'region', hiddenAtFirst: true },
];
const keys = (shown: { key: string }[]) => shown.map((column) => column.key).join(' ');
const store = columnStore('u1', 'clients', 'mine');

beforeEach(() => localStorage.clear());

describe('column settings', () => {
  it('start with what the page proposes', () => {
    expect(keys(arrange(columns, firstSettings(columns)))).toBe('name code stage');
  });
  it('are kept for a person and a view', () => {
    const changed = toggle(move(firstSettings(columns), 'stage', 'code'), 'hidden', 'region');
    saveSettings(store, changed);
    expect(keys(arrange(columns, loadSettings(store, columns)))).toBe('name stage code region');
    const other = loadSettings(columnStore('u2', 'clients', 'mine'), columns);
    expect(keys(arrange(columns, other))).toBe('name code stage');
    const all = loadSettings(columnStore('u1', 'clients', ''), columns);
    expect(keys(arrange(columns, all))).toBe('name code stage');
  });
  it('show frozen columns first', () => {
    const frozen = toggle(firstSettings(columns), 'frozen', 'stage');
    expect(keys(arrange(columns, frozen))).toBe('name stage code');
  });
  it('fit the columns of a newer version', () => {
    saveSettings(store, { order: ['gone', 'stage', 'name'], hidden: ['name'], frozen: ['gone'] });
    const settings = loadSettings(store, columns);
    expect(settings.order).toEqual(['stage', 'name', 'code', 'region']);
    expect(settings.hidden).toEqual(['region']);
    expect(settings.frozen).toEqual([]);
  });
  it('fall back to the start when what was kept is unreadable', () => {
    for (const text of ['{', '[]', '{"order":[1]}', 'null', '"x"']) {
      localStorage.setItem(store, text);
      expect(loadSettings(store, columns)).toEqual(firstSettings(columns));
    }
  });
  it('are forgotten on reset', () => {
    saveSettings(store, move(firstSettings(columns), 'stage', 'code'));
    saveSettings(store, null);
    expect(loadSettings(store, columns)).toEqual(firstSettings(columns));
  });
  it('ignore a move to nowhere', () => {
    const settings = firstSettings(columns);
    expect(move(settings, 'code', 'nowhere')).toBe(settings);
  });
});
