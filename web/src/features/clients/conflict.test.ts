/** Merging two edits. */
import { describe, expect, it } from 'vitest';
import { changesOf, mergeEdits, settle } from './conflict';

const base = { name: '甲', phone: '1', region: 'A', size: null };

describe('two edits of one client', () => {
  it('keeps my change of a field that nobody else touched', () => {
    const merge = mergeEdits(base, { name: '乙' }, { ...base, phone: '2' });
    expect(merge).toEqual({ keep: { name: '乙' }, clashes: [], others: ['phone'] });
  });

  it('shows a field that both changed to different values', () => {
    const merge = mergeEdits(base, { phone: '3' }, { ...base, phone: '2' });
    expect(merge.clashes).toEqual([{ key: 'phone', base: '1', mine: '3', theirs: '2' }]);
  });

  it('has nothing to do when both made the same change', () => {
    const merge = mergeEdits(base, { phone: '2' }, { ...base, phone: '2' });
    expect(merge).toEqual({ keep: {}, clashes: [], others: [] });
  });

  it('treats a missing value and an empty one alike', () => {
    expect(mergeEdits({}, { size: null }, {}).clashes).toEqual([]);
    expect(changesOf({ size: null }, { size: null, name: '甲' })).toEqual({ name: '甲' });
  });

  it('sends mine only where mine was chosen', () => {
    const theirs = { ...base, phone: '2', region: 'B' };
    const merge = mergeEdits(base, { phone: '3', region: 'C', name: '乙' }, theirs);
    const sent = settle(merge, { phone: 'mine', region: 'theirs' });
    expect(sent).toEqual({ name: '乙', phone: '3' });
  });
});
