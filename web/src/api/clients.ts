/** The client archive: lists, one client, its fields, lists, versions and exports. */
import { call, download, seg } from './client';
import type { Query } from './client';
import type * as S from './shapes';

const at = (id: string, rest = '') => `/clients/${seg(id)}${rest}`;
const match = (version: number) => ({ 'If-Match': `"v${version}"` });

export const listClients = (query: Query, signal?: AbortSignal) =>
  call<S.Page<S.ClientRow>>('GET', '/clients', signal ? { query, signal } : { query });
export const readClient = (id: string, asOf?: string) =>
  call<S.ClientView>('GET', at(id), { query: { as_of: asOf } });
export const createClient = (fields: Record<string, S.Plain>, key: string) =>
  call<S.ClientView>('POST', '/clients', {
    body: { fields },
    headers: { 'Idempotency-Key': key },
  });

export interface Edit {
  id: string;
  version: number;
  fields: Record<string, S.Plain>;
  why: string;
}

export const updateClient = (edit: Edit) =>
  call<S.ClientView>('PATCH', at(edit.id), {
    body: { fields: edit.fields, why: edit.why },
    headers: match(edit.version),
  });

export interface ItemEdit {
  id: string;
  version: number;
  list: string;
  item?: string;
  fields: Record<string, S.Plain>;
}

export const saveItem = (edit: ItemEdit) =>
  edit.item
    ? call<unknown>('PATCH', at(edit.id, `/lists/${seg(edit.list)}/${seg(edit.item)}`), {
        body: { fields: edit.fields },
        headers: match(edit.version),
      })
    : call<unknown>('POST', at(edit.id, `/lists/${seg(edit.list)}`), {
        body: { fields: edit.fields },
        headers: match(edit.version),
      });
export const removeItem = (id: string, version: number, list: string, item: string) =>
  call<void>('DELETE', at(id, `/lists/${seg(list)}/${seg(item)}`), { headers: match(version) });

export const changeStage = (id: string, version: number, to: S.Stage, why: string) =>
  call<unknown>('POST', at(id, '/stage'), { body: { to, why }, headers: match(version) });

export interface Assignment {
  lead?: string;
  reviewer?: string;
  department?: string;
  why: string;
}

export const assignClient = (id: string, version: number, body: Assignment) =>
  call<unknown>('POST', at(id, '/assign'), { body, headers: match(version) });

export type BulkOrder = { ids: string[] } & (
  | ({ op: 'assign' } & Assignment)
  | { op: 'tag' | 'untag'; tags: string[] }
  | { op: 'recycle'; why: string }
);

export const bulk = (order: BulkOrder) =>
  call<{ done?: number; refused?: { id: string; message: string }[] }>('POST', '/clients/bulk', {
    body: order,
  });

export const listVersions = (id: string) => call<S.Page<S.VersionRow>>('GET', at(id, '/versions'));
export const listViewers = (id: string) => call<S.Page<S.ViewerRow>>('GET', at(id, '/record'));
export const revealField = (id: string, body: { field: string; item?: string; purpose: string }) =>
  call<{ value: string; hide_after_s: number }>('POST', at(id, '/reveal'), { body });
export const verifyField = (id: string, field: string, value: string) =>
  call<{ match: boolean }>('POST', at(id, '/verify'), { body: { field, value } });
export const recycleClient = (id: string, version: number) =>
  call<void>('DELETE', at(id), { headers: match(version) });
export const restoreClient = (id: string) => call<unknown>('POST', at(id, '/restore'));

/** Clients that look the same; the server answers with a list or with a page of one. */
export async function similarClients(
  query: { name?: string; uscc?: string },
  signal?: AbortSignal,
): Promise<S.Similar[]> {
  const answer = await call<S.Similar[] | S.Page<S.Similar>>('GET', '/clients/similar', {
    query,
    ...(signal ? { signal } : {}),
  });
  return Array.isArray(answer) ? answer : answer.items;
}

/** The field definitions; a list or a page of one. */
export async function listFields(): Promise<S.FieldSpec[]> {
  const answer = await call<S.FieldSpec[] | S.Page<S.FieldSpec>>('GET', '/fields');
  return Array.isArray(answer) ? answer : answer.items;
}

export const createField = (body: S.FieldCreate) => call<S.FieldSpec>('POST', '/fields', { body });
export const searchClients = (q: string, signal?: AbortSignal) =>
  call<{ clients: S.SearchHit[] }>('GET', '/search', {
    query: { q },
    ...(signal ? { signal } : {}),
  });
export const exportClients = (query: Query) =>
  download('/exports/clients', query, `clients.${query['format'] === 'csv' ? 'csv' : 'xlsx'}`);
export const readOverview = () => call<S.Overview>('GET', '/overview');

export const listViews = () => call<S.Page<S.SavedView>>('GET', '/views');
export const saveView = (view: { name: string; shared: boolean; query: string }) =>
  call<S.SavedView>('POST', '/views', { body: view });
export const removeView = (id: string) => call<void>('DELETE', `/views/${seg(id)}`);
