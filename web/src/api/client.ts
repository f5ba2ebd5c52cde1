/** The one way to the server: typed fetch, problems as exceptions, files as downloads. */

/** A refusal in the form of RFC 9457, as the server words it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly detailEn: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    const text = (key: string) => (typeof body[key] === 'string' ? body[key] : '');
    super(text('detail') || text('title') || `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = text('code') || (status === 0 ? 'network' : `http.${status}`);
    this.detail = text('detail') || text('title');
    this.detailEn = text('detail_en') || text('title') || this.detail;
    this.field = text('field') || undefined;
    this.requestId = text('request_id') || undefined;
    this.body = body;
  }

  /** The right that is missing, when the server names one. */
  get missing(): string | undefined {
    const missing = this.body['missing'];
    return typeof missing === 'string' ? missing : undefined;
  }
}

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Record<string, QueryValue>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let signedOut: () => void = () => {};

/** Says what happens when the session has ended. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

/** Appends the query to a path, leaving out what is empty. */
export function address(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `/api${path}?${text}` : `/api${path}`;
}

async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await response.json();
    if (parsed && typeof parsed === 'object') body = parsed as Record<string, unknown>;
  } catch {
    body = { title: response.statusText };
  }
  const requestId = response.headers.get('x-request-id');
  if (requestId && body['request_id'] === undefined) body = { ...body, request_id: requestId };
  return new Problem(response.status, body);
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (method !== 'GET') headers['X-Heng-Csrf'] = '1';
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.body instanceof FormData) {
    init.body = options.body;
  } else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  if (options.signal) init.signal = options.signal;
  let response: Response;
  try {
    response = await fetch(address(path, options.query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, { code: 'network' });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  const expected = path.startsWith('/session') || problem.code.includes('proof');
  if (problem.status === 401 && !expected) signedOut();
  throw problem;
}

/** Asks the server; an empty answer is undefined. */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: CallOptions = {},
): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Fetches a file and hands it to the browser's downloads. */
export async function download(path: string, query: Query, fallback: string): Promise<void> {
  const response = await send('GET', path, { query, headers: { Accept: '*/*' } });
  const disposition = response.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = encoded ? decodeURIComponent(encoded) : (plain ?? fallback);
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A path segment with its odd characters escaped. */
export const seg = (value: string): string => encodeURIComponent(value);
