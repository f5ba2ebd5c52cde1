/** Words in both languages. */
import { describe, expect, it } from 'vitest';
import { en } from './en';
import { fill, translator } from './lang';
import { zh } from './zh';
import type { WordKey } from './zh';

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join(' ');

describe('words', () => {
  it('have the same places to fill in both languages', () => {
    for (const key of Object.keys(zh) as WordKey[]) {
      expect(`${key} ${places(en[key])}`).toBe(`${key} ${places(zh[key])}`);
    }
  });
  it('are never empty in Chinese', () => {
    for (const [key, text] of Object.entries(zh)) expect(`${key}:${text}`).not.toMatch(/:$/);
  });
  it('keep a place whose value is missing', () => {
    expect(fill('{a} {b}', { a: 1 })).toBe('1 {b}');
    expect(translator('zh')('bulk.chosen', { count: 3 })).toBe('已选 3 项');
  });
});
