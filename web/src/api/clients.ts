/** The client archive: lists, one client, its fields, lists, versions and exports. */
import { call, download, seg } from './client';
import type { Query } from './client';
import type * as S from './shapes';

const at = (id: string, rest = '') => `/clients/${seg(id)}${rest}`;
const EXPORTS = '/exports/unmasked';
const match = (version: number) => ({ 'If-Match': `"v${version}"` });

export const listClients = (query: Query, signal?: AbortSignal) =>
  call<S.Page<S.ClientRow>>('GET', '/clients', signal ? { query, signal } : { query });

type Sent = Omit<S.ClientView, keyof S.ClientRow> & Partial<S.ClientRow> & { name: string };

/** A client's page carries what a row shows only among its fields: lifts it up. */
export function withRow(sent: Sent): S.ClientView {
  const text = (key: string): string | null => {
    const value = sent.fields[key]?.value;
    return value === undefined || value === null ? null : String(value);
  };
  const fen = text('registered_capital_fen');
  return {
    short_name: text('short_name'),
    uscc: text('uscc'),
    taxpayer_kind: text('taxpayer_kind'),
    legal_rep_name: text('legal_rep_name'),
    industry: text('industry_code'),
    size: null,
    registered_capital_fen: fen === null ? null : Number(fen),
    registered_on: text('registered_on'),
    region: null,
    ...sent,
  } as S.ClientView;
}

export const readClient = async (id: string, asOf?: string): Promise<S.ClientView> =>
  withRow(await call<Sent>('GET', at(id), { query: { as_of: asOf } }));
export const createClient = async (
  fields: Record<string, S.Plain>,
  key: string,
): Promise<S.ClientView> =>
  withRow(
    await call<Sent>('POST', '/clients', {
      body: { fields },
      headers: { 'Idempotency-Key': key },
    }),
  );

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
  why?: string;
}

export const saveItem = (edit: ItemEdit) =>
  edit.item
    ? call<unknown>('PATCH', at(edit.id, `/lists/${seg(edit.list)}/${seg(edit.item)}`), {
        body: { fields: edit.fields, why: edit.why ?? '' },
        headers: match(edit.version),
      })
    : call<unknown>('POST', at(edit.id, `/lists/${seg(edit.list)}`), {
        body: { fields: edit.fields, why: edit.why ?? '' },
        headers: match(edit.version),
      });
export const removeItem = (
  id: string,
  version: number,
  list: string,
  item: string,
  why: string,
) =>
  call<void>('DELETE', at(id, `/lists/${seg(list)}/${seg(item)}`), {
    query: { why },
    headers: match(version),
  });

export const changeStage = (id: string, version: number, to: S.Stage, why: string) =>
  call<unknown>('POST', at(id, '/stage'), { body: { to, why }, headers: match(version) });

export interface Assignment {
  /** Null takes the person off; a missing key leaves things. */
  lead?: string | null;
  reviewer?: string | null;
  department?: string;
  why?: string;
}

export const assignClient = (id: string, version: number, body: Assignment) =>
  call<unknown>('POST', at(id, '/assign'), { body, headers: match(version) });

/** These clients, or all that a list shows: 500 at a time, from the one after `after` on. */
export type BulkChoice = { ids: string[] } | { matching: Query; after?: string };

export type BulkDeed =
  | { op: 'assign'; assign: Assignment; why: string }
  | { op: 'tag' | 'untag'; tags: string[] }
  | { op: 'advance'; to: S.Stage; why: string }
  | { op: 'recycle' | 'restore'; why: string };

export interface BulkAnswer {
  done: number;
  unchanged: number;
  failed: {
    id: string;
    name: string | null;
    code: string;
    detail: string;
    detail_en: string;
  }[];
  next: string | null;
}

export const bulk = (order: BulkChoice & BulkDeed & { partly: boolean }) =>
  call<BulkAnswer>('POST', '/clients/bulk', { body: order });

/** A list, whether it came bare or as a page. */
async function items<T>(answer: Promise<T[] | S.Page<T>>): Promise<T[]> {
  const value = await answer;
  return Array.isArray(value) ? value : value.items;
}

export const listVersions = (id: string) =>
  items(call<S.VersionRow[] | S.Page<S.VersionRow>>('GET', at(id, '/versions')));
export const listViewers = (id: string) =>
  items(call<S.ViewerRow[] | S.Page<S.ViewerRow>>('GET', at(id, '/record')));
export const revealField = (id: string, body: { field: string; item?: string; purpose: string }) =>
  call<{ value: string; hide_after_s: number }>('POST', at(id, '/reveal'), { body });
export const verifyField = (id: string, field: string, value: string) =>
  call<{ match: boolean }>('POST', at(id, '/verify'), { body: { field, value } });
export const recycleClient = (id: string, version: number) =>
  call<void>('DELETE', at(id), { headers: match(version) });
export const restoreClient = (id: string) => call<unknown>('POST', at(id, '/restore'));

/** Sets a hold, or takes one of the two steps that end it or the client; true once it is gone. */
export async function stepHold(
  id: string,
  step: 'hold' | 'release' | 'removal',
  why: string,
): Promise<boolean> {
  const path = step === 'release' ? '/hold/release' : `/${step}`;
  const answer = await call<{ removed?: boolean }>('POST', at(id, path), { body: { why } });
  return answer.removed ?? false;
}

/** Clients that look the same as the one being typed. */
export const similarClients = (query: { name?: string; uscc?: string }, signal?: AbortSignal) =>
  items(
    call<S.Similar[] | S.Page<S.Similar>>('GET', '/clients/similar', {
      query,
      ...(signal ? { signal } : {}),
    }),
  );

/** The fields, lists and stages of the archive. */
export async function readFields(): Promise<S.FieldsView> {
  type Sent = Omit<S.FieldsView, 'fields'> & { items: S.FieldSpec[] };
  const { items: fields, lists, stages } = await call<Sent>('GET', '/fields');
  return { fields, lists, stages };
}

export const createField = (body: S.FieldCreate) => call<S.FieldSpec>('POST', '/fields', { body });
export const searchClients = (q: string, signal?: AbortSignal) =>
  call<{ clients: S.SearchHit[] }>('GET', '/search', {
    query: { q },
    ...(signal ? { signal } : {}),
  });
export const exportClients = (query: Query) =>
  download('/exports/clients', query, `clients.${query['format'] === 'csv' ? 'csv' : 'xlsx'}`);
export interface UnmaskedOrder {
  filters: Record<string, S.Plain>;
  ids: string[];
  purpose: string;
}

export const requestExport = (body: UnmaskedOrder) =>
  call<S.ExportRequest>('POST', EXPORTS, { body });
export const listExportRequests = () => items(call<S.Page<S.ExportRequest>>('GET', EXPORTS));
export const decideExport = (id: string, approve: boolean) =>
  call<S.ExportRequest>('POST', `${EXPORTS}/${seg(id)}/${approve ? 'approve' : 'refuse'}`);
export const takeExport = (id: string, format: 'xlsx' | 'csv') =>
  download(`${EXPORTS}/${seg(id)}/file`, { format }, `clients.${format}`);

export const previewMerge = (from: string, into: string, signal?: AbortSignal) =>
  call<S.MergePreview>('POST', '/clients/merge/preview', {
    body: { from, into },
    ...(signal ? { signal } : {}),
  });

export interface MergeOrder {
  from: string;
  into: string;
  choices: Record<string, S.MergeSide>;
  from_version: number;
  into_version: number;
  why: string;
}

export const mergeClients = async (body: MergeOrder): Promise<S.ClientView> =>
  withRow(await call<Sent>('POST', '/clients/merge', { body }));
export const readOverview = () => call<S.Overview>('GET', '/overview');

export const listViews = () => call<S.Page<S.SavedView>>('GET', '/views');
export const saveView = (view: { name: string; shared: boolean; query: string }) =>
  call<S.SavedView>('POST', '/views', { body: view });
export const removeView = (id: string) => call<void>('DELETE', `/views/${seg(id)}`);
