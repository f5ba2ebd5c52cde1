/** Statements and returns of clients, and what rules say of them. */
import { call, download, seg } from './client';
import type { Query } from './client';
import type * as S from './statementShapes';

/** Where a set lives. */
export interface SetAt {
  client: string;
  kind: string;
  period: string;
}

const of = (client: string) => `/clients/${seg(client)}`;
const at = (set: SetAt, rest = '') =>
  `${of(set.client)}/statements/${seg(set.kind)}/${seg(set.period)}${rest}`;
const seen = (version: number) => ({ 'If-Match': `"v${version}"` });

export const listSets = (client: string) => call<S.SetList>('GET', `${of(client)}/statements`);
export const readSet = (set: SetAt, revision?: number) =>
  call<S.SetView>('GET', at(set), { query: { revision } });
export const listRevisions = (set: SetAt) => call<S.Revision[]>('GET', at(set, '/revisions'));
export const saveSet = (save: { at: SetAt; version: number | undefined; body: S.SetDraft }) =>
  call<S.SetRow>('PUT', at(save.at), {
    body: save.body,
    ...(save.version === undefined ? {} : { headers: seen(save.version) }),
  });
export const advanceSet = (order: { at: SetAt; version: number; step: S.Step }) =>
  call<S.SetRow>('POST', at(order.at, '/steps'), {
    body: { step: order.step },
    headers: seen(order.version),
  });
export const acceptException = (order: { at: SetAt; rule: string; why: string }) =>
  call<S.SetRow>('POST', at(order.at, '/exceptions'), {
    body: { rule: order.rule, why: order.why },
  });

export const uploadWorkbook = (order: { client: string; file: File }) => {
  const body = new FormData();
  body.append('file', order.file);
  return call<S.StatementPreview>('POST', `${of(order.client)}/statement-uploads`, { body });
};
export const confirmWorkbook = (order: { client: string; id: string; body: S.Confirmation }) =>
  call<S.SetRow[]>('POST', `${of(order.client)}/statement-uploads/${seg(order.id)}`, {
    body: order.body,
  });

export const readChart = (standard: S.Standard) =>
  call<S.Chart>('GET', '/statements/chart', { query: { standard } });
export const listRules = () => call<S.RuleList>('GET', '/statements/rules');
export const changeRule = (order: {
  rule: string;
  body: { severity?: string; tolerance?: string };
}) => call<undefined>('PUT', `/statements/rules/${seg(order.rule)}`, { body: order.body });
export const listOutcomes = (query: Query, signal?: AbortSignal) =>
  call<S.OutcomePage>('GET', '/statements/outcomes', { query, ...(signal ? { signal } : {}) });
export const readAccuracy = (query: Query, signal?: AbortSignal) =>
  call<S.Accuracy>('GET', '/statements/accuracy', { query, ...(signal ? { signal } : {}) });

export const readAnalysis = (client: string, period?: string) =>
  call<S.Analysis>('GET', `${of(client)}/analysis`, { query: { period } });
export const readReadiness = (client: string) =>
  call<{ points: S.ReadinessPoint[] }>('GET', `${of(client)}/readiness`);
export const downloadReport = (order: {
  client: string;
  format: 'pdf' | 'xlsx';
  period: string;
  purpose: string;
}) =>
  download(
    `${of(order.client)}/report.${order.format}`,
    { period: order.period, purpose: order.purpose },
    `report-${order.period}.${order.format}`,
  );
