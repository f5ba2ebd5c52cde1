/** People, departments, roles, sessions, tokens, second factor and keys. */
import { call, download, seg } from './client';
import type * as S from './shapes';

export const listUsers = (q?: string) =>
  call<S.Page<S.UserRow>>('GET', '/users', { query: { q, limit: 200 } });
export const createUser = (draft: Partial<S.UserDraft>) =>
  call<S.UserCreated>('POST', '/users', { body: draft });
export const updateUser = (id: string, draft: Partial<S.UserDraft>) =>
  call<S.UserRow>('PATCH', `/users/${seg(id)}`, { body: draft });
export const disableUser = (id: string) => call<void>('POST', `/users/${seg(id)}/disable`);
export const enableUser = (id: string) => call<void>('POST', `/users/${seg(id)}/enable`);
export const resetLink = (id: string) =>
  call<S.OneTimeLink>('POST', `/users/${seg(id)}/reset-link`);
export const approveReset = (id: string) =>
  call<void>('POST', `/users/${seg(id)}/reset-link/approve`);
export const explain = (id: string, query: { client?: string; action: string }) =>
  call<S.Explanation>('GET', `/users/${seg(id)}/explain`, { query });
export const importStaff = (file: File) => {
  const body = new FormData();
  body.append('file', file);
  return call<S.StaffImportResult>('POST', '/users/import', { body });
};
export const downloadStaffTemplate = () => download('/users/import/template', {}, 'staff.xlsx');

export const listDepartments = () => call<S.Page<S.Department>>('GET', '/departments');
export const createDepartment = (name: string) =>
  call<S.Department>('POST', '/departments', { body: { name } });
/** The roles; the server answers with a list or with a page of one. */
export async function listRoles(): Promise<S.Role[]> {
  const answer = await call<S.Role[] | S.Page<S.Role>>('GET', '/roles');
  return Array.isArray(answer) ? answer : answer.items;
}

export const listSessions = (all: boolean) =>
  call<S.Page<S.SessionRow>>('GET', '/sessions', { query: all ? { all: true } : {} });
export const endSession = (id: string) => call<void>('DELETE', `/sessions/${seg(id)}`);
export const listTokens = () => call<S.Page<S.TokenRow>>('GET', '/tokens');
export const createToken = (draft: { name: string; scope: string[]; expires_on: string }) =>
  call<S.TokenCreated>('POST', '/tokens', { body: draft });
export const revokeToken = (id: string) => call<void>('DELETE', `/tokens/${seg(id)}`);
export const enrolTotp = () => call<S.TotpEnrolment>('POST', '/totp/enroll');
export const confirmTotp = (code: string) =>
  call<{ recovery_codes: string[] }>('POST', '/totp/confirm', { body: { code } });
export const changePassword = (body: { password: string; totp?: string; new_password: string }) =>
  call<void>('POST', '/password', { body });
export const readKeys = () => call<S.KeyStatus>('GET', '/keys');
export const rotateKeys = () => call<void>('POST', '/keys/rotate');
