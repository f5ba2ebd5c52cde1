/** Two people edited the same client: what each one changed, and what to keep. Pure. */
import type { Plain } from '@/api/shapes';

export type Values = Record<string, Plain>;

export interface Clash {
  key: string;
  base: Plain;
  mine: Plain;
  theirs: Plain;
}

export interface Merge {
  /** My changes that nobody else touched. */
  keep: Values;
  /** Fields that both changed to different values. */
  clashes: Clash[];
  /** Fields that only the other one changed. */
  others: string[];
}

const same = (a: Plain | undefined, b: Plain | undefined) => (a ?? null) === (b ?? null);

/** Compares my edit with the other one; both started from `base`. */
export function mergeEdits(base: Values, mine: Values, theirs: Values): Merge {
  const merge: Merge = { keep: {}, clashes: [], others: [] };
  for (const key of Object.keys(mine)) {
    const value = mine[key] ?? null;
    if (same(value, theirs[key])) continue;
    if (same(theirs[key], base[key])) merge.keep[key] = value;
    else {
      merge.clashes.push({
        key,
        base: base[key] ?? null,
        mine: value,
        theirs: theirs[key] ?? null,
      });
    }
  }
  for (const key of Object.keys(theirs)) {
    if (!(key in mine) && !same(theirs[key], base[key])) merge.others.push(key);
  }
  return merge;
}

/** What to send after the choices: unclashed changes, and clashes where mine was chosen. */
export function settle(merge: Merge, choices: Record<string, 'mine' | 'theirs'>): Values {
  const values: Values = { ...merge.keep };
  for (const clash of merge.clashes) {
    if (choices[clash.key] === 'mine') values[clash.key] = clash.mine;
  }
  return values;
}

/** Only what differs from the start. */
export function changesOf(base: Values, now: Values): Values {
  const changes: Values = {};
  for (const key of Object.keys(now)) {
    if (!same(base[key], now[key])) changes[key] = now[key] ?? null;
  }
  return changes;
}
