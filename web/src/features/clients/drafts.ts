/** Unsaved edits of a section, kept for this tab only; sealed fields are never kept. */
import type { FieldSpec } from '@/api/shapes';
import type { Values } from './conflict';

export interface Draft {
  version: number;
  values: Values;
}

const place = (person: string, client: string, section: string) =>
  `heng.draft.${person}.${client}.${section}`;

/** Leaves out what must not be written to the browser's store. */
export function keepable(values: Values, fields: FieldSpec[]): Values {
  const secret = new Set(fields.filter((f) => f.sealed || f.level >= 3).map((f) => f.key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !secret.has(key)));
}

export function keepDraft(
  person: string,
  client: string,
  section: string,
  draft: Draft | null,
): void {
  const store = place(person, client, section);
  if (!draft || Object.keys(draft.values).length === 0) sessionStorage.removeItem(store);
  else sessionStorage.setItem(store, JSON.stringify(draft));
}

export function readDraft(person: string, client: string, section: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(
      sessionStorage.getItem(place(person, client, section)) ?? 'null',
    );
    if (!kept || typeof kept !== 'object') return null;
    const { version, values } = kept as Partial<Draft>;
    if (typeof version !== 'number' || !values || typeof values !== 'object') return null;
    return { version, values };
  } catch {
    return null;
  }
}
