/** What the server refuses is found at its fields. */
import { describe, expect, it } from 'vitest';
import { Problem } from '@/api/client';
import type { FieldSpec } from '@/api/shapes';
import { refusalsOf } from './refusals';

const field = (key: string, path = key) => ({ key, path }) as FieldSpec;

describe('refusals', () => {
  it('names every field that is wrong, in the language that is read', () => {
    const error = new Problem(422, {
      field: 'uscc',
      detail: '一',
      errors: [
        { field: 'uscc', detail: '一', detail_en: 'one' },
        { field: 'contacts.mobile', detail: '二', detail_en: 'two' },
        { field: 'elsewhere', detail: '三', detail_en: 'three' },
      ],
    });
    const fields = [field('uscc'), field('mobile', 'contacts.mobile'), field('name')];
    expect(refusalsOf(error, fields, 'zh')).toEqual({ uscc: '一', mobile: '二' });
    expect(refusalsOf(error, fields, 'en')).toEqual({ uscc: 'one', mobile: 'two' });
  });

  it('takes a single refusal too, and leaves what is about no field', () => {
    const one = new Problem(422, { field: 'name', detail: '请填写', detail_en: 'Missing' });
    expect(refusalsOf(one, [field('name')], 'zh')).toEqual({ name: '请填写' });
    expect(refusalsOf(new Problem(409, { detail: '冲突' }), [field('name')], 'zh')).toEqual({});
    expect(refusalsOf(undefined, [field('name')], 'zh')).toEqual({});
  });
});
