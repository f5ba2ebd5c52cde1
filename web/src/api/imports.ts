/** Importing a client workbook, step by step. */
import { call, download, seg } from './client';
import type * as S from './shapes';

const at = (id: string, rest = '') => `/imports/${seg(id)}${rest}`;

export const listImports = () => call<S.Page<S.ImportRow>>('GET', '/imports');
export const readImport = (id: string) => call<S.ImportRow>('GET', at(id));
export const uploadImport = (file: File) => {
  const body = new FormData();
  body.append('file', file);
  return call<S.ImportUpload>('POST', '/imports', { body });
};
export const listNotes = (id: string, cursor: string | null) =>
  call<S.Page<S.ImportNote>>('GET', at(id, '/notes'), cursor ? { query: { cursor } } : {});
export const checkImport = (
  id: string,
  body: { mode: S.ImportMode; stage: string; mapping: Record<string, string> },
) => call<unknown>('POST', at(id, '/check'), { body });
export const runImport = (id: string) => call<unknown>('POST', at(id, '/run'));
export const cancelImport = (id: string) => call<unknown>('POST', at(id, '/cancel'));
export const undoImport = (id: string) => call<unknown>('POST', at(id, '/undo'));
export const downloadTemplate = () => download('/imports/template', {}, 'clients.xlsx');
export const downloadErrors = (id: string) =>
  download(at(id, '/errors.xlsx'), {}, 'import-errors.xlsx');
