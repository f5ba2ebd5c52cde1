/** Field values between the server's texts and the inputs. Pure. */
import type { FieldSpec, FieldValue, Plain } from '@/api/shapes';

/** What an input starts from: numbers as numbers; a masked value never enters an input. */
export function fromWire(spec: FieldSpec, field: FieldValue | undefined): Plain {
  if (!field || field.masked || field.value === null || field.value === '') return null;
  if (spec.kind === 'money' || spec.kind === 'int') {
    const number = Number(field.value);
    return Number.isFinite(number) ? number : field.value;
  }
  return field.value;
}

/** What the server is told: texts; money in yuan, or as it was typed when no plain amount. */
export function toWire(spec: FieldSpec | undefined, value: Plain): string | null {
  if (value === null || value === '') return null;
  if (spec?.kind === 'money' && typeof value === 'number') return (value / 100).toFixed(2);
  return String(value);
}

/** Several values for the server. */
export function allToWire(
  specs: FieldSpec[],
  values: Record<string, Plain>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      toWire(specs.find((spec) => spec.key === key), value),
    ]),
  );
}
