/** The record of who did what, the catalogue of classes, and the settings of the firm. */
import { call, download, seg } from './client';
import type { Query } from './client';
import type * as S from './shapes';

export const listRecord = (query: Query, signal?: AbortSignal) =>
  call<S.Page<S.RecordRow>>('GET', '/record', signal ? { query, signal } : { query });
export const verifyRecord = () => call<S.Verification>('POST', '/record/verify');
export const exportRecord = (query: Query) =>
  download('/record/export', { ...query, format: 'csv' }, 'record.csv');

export const proveRecord = (id: string) =>
  download(`/record/${seg(id)}/proof`, {}, `record-${id}.tlog-proof`);

/** The catalogue; a list or a page of one. */
export async function listCatalogue(): Promise<S.CatalogueRow[]> {
  const answer = await call<S.CatalogueRow[] | S.Page<S.CatalogueRow>>('GET', '/catalogue');
  return Array.isArray(answer) ? answer : answer.items;
}

export const readSettings = () => call<S.Settings>('GET', '/settings');
export const writeSettings = (settings: S.Settings) =>
  call<S.Settings>('PUT', '/settings', { body: settings });
