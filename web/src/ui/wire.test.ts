/** Values on their way between server and inputs. */
import { describe, expect, it } from 'vitest';
import type { FieldKind, FieldSpec } from '@/api/shapes';
import { allToWire, fromWire, toWire } from './wire';

const spec = (kind: FieldKind, key = 'k'): FieldSpec => ({
  section: 'basic', key, path: key, zh: key, en: key, kind, required: false, level: 1,
  item: 'i', masked: false, sealed: false, custom: false,
});
const sent = (value: string | null, masked = false) => ({
  value, masked, level: 1, revealable: masked,
});

describe('a field value', () => {
  it('is money in fen for the input and in yuan for the server', () => {
    expect(fromWire(spec('money'), sent('548000050'))).toBe(548_000_050);
    expect(toWire(spec('money'), 548_000_050)).toBe('5480000.50');
  });
  it('leaves an amount with a unit to the server, which reads it', () => {
    expect(toWire(spec('money'), '500万元')).toBe('500万元');
  });
  it('never puts a mask into an input', () => {
    expect(fromWire(spec('phone'), sent('138****2046', true))).toBeNull();
  });
  it('is null when it is empty', () => {
    expect(toWire(spec('text'), '')).toBeNull();
    expect(fromWire(spec('int'), undefined)).toBeNull();
  });
  it('goes out as text, each by its own field', () => {
    const specs = [spec('money', 'a'), spec('int', 'b')];
    expect(allToWire(specs, { a: 100, b: 3, c: null })).toEqual({ a: '1.00', b: '3', c: null });
  });
});
