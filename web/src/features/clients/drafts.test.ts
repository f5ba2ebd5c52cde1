/** Drafts hold no secrets and belong to one person. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FieldSpec } from '@/api/shapes';
import { keepDraft, keepable, readDraft } from './drafts';

const field = (key: string, level: number, sealed: boolean): FieldSpec => ({
  section: 'basic', key, path: key, zh: key, en: key, kind: 'text', required: false, level,
  item: key,
  masked: sealed, sealed, custom: false,
});

beforeEach(() => sessionStorage.clear());

describe('a draft', () => {
  it('leaves out sealed fields and those of level 3 and 4', () => {
    const fields = [field('name', 1, false), field('id_no', 4, true), field('assets', 3, false)];
    expect(keepable({ name: 'a', id_no: 'b', assets: 1 }, fields)).toEqual({ name: 'a' });
  });
  it('is found again by the same person only', () => {
    keepDraft('u1', 'c1', 'basic', { version: 3, values: { name: 'a' } });
    expect(readDraft('u1', 'c1', 'basic')).toEqual({ version: 3, values: { name: 'a' } });
    expect(readDraft('u2', 'c1', 'basic')).toBeNull();
  });
  it('is gone when nothing is left in it, and when it is unreadable', () => {
    keepDraft('u1', 'c1', 'basic', { version: 3, values: {} });
    expect(readDraft('u1', 'c1', 'basic')).toBeNull();
    sessionStorage.setItem('heng.draft.u1.c1.basic', '{"version":"x"}');
    expect(readDraft('u1', 'c1', 'basic')).toBeNull();
  });
});
