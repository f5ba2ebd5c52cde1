/** The tax calendar: deadlines, duties, notices and the subscription. */
import { call } from './client';
import type { Query } from './client';

export interface Sentence {
  zh: string;
  en: string;
}

export type Basis = 'published' | 'computed' | 'local';

export interface Due {
  due: string;
  basis: Basis;
  unannounced: boolean;
  steps: Sentence[];
}

export interface CalendarDay {
  day: string;
  kind: 'weekend' | 'holiday' | 'make_up';
  name: string | null;
}

export interface CalendarMonth {
  month: number;
  due: Due;
  days: CalendarDay[];
}

export interface Notice {
  kind: 'holidays' | 'deadlines';
  year: number;
  source: string;
  notice: string;
  entries: number;
  at: string;
  by: string;
}

export interface CalendarYear {
  year: number;
  today: string;
  region: string;
  announced: boolean;
  warning: Sentence | null;
  months: CalendarMonth[];
  notices: Notice[];
}

export interface Duty {
  tax: string;
  period: string;
  due: string | null;
  basis: Basis;
  unannounced: boolean;
}

export interface GridRow {
  id: string;
  code: string;
  name: string;
  short_name: string | null;
  taxpayer_kind: string | null;
  region: string;
  lead: { id: string; name: string } | null;
  department: string | null;
  duties: Duty[];
}

export interface Grid {
  year: number;
  month: number;
  today: string;
  rows: GridRow[];
  next: string | null;
}

export interface DutyCounts {
  year: number;
  clients: number;
  counts: { month: number; tax: string; duties: number }[];
}

export interface NoticePreview {
  entries: number;
  faults: { row: number; column: string; zh: string; en: string }[];
  months: {
    year: number;
    month: number;
    region: string;
    from: string;
    to: string;
    basis: Basis;
  }[];
  moved: {
    tax: string;
    period: string;
    from: string | null;
    to: string | null;
    basis: Basis;
    duties: number;
  }[];
  confirmed: number;
  seen: string;
}

export interface Feed {
  active: boolean;
  made_at: string | null;
  fetched_at: string | null;
  ends_at: string | null;
  url: string | null;
}

export const readYear = (query: Query) => call<CalendarYear>('GET', '/calendar/year', { query });
export const readGrid = (query: Query) => call<Grid>('GET', '/calendar/duties', { query });
export const countDuties = (query: Query) =>
  call<DutyCounts>('GET', '/calendar/counts', { query });
export const readDue = (query: Query) => call<Due>('GET', '/calendar/due', { query });

function form(file: File): FormData {
  const body = new FormData();
  body.append('file', file);
  return body;
}

export const previewNotice = (query: Query, file: File) =>
  call<NoticePreview>('POST', '/calendar/imports/preview', { query, body: form(file) });
export const importNotice = (query: Query, file: File) =>
  call<NoticePreview>('POST', '/calendar/imports', { query, body: form(file) });

export const readFeed = () => call<Feed>('GET', '/calendar/feed');
export const makeFeed = () => call<Feed>('POST', '/calendar/feed', { body: {} });
export const revokeFeed = () => call<undefined>('DELETE', '/calendar/feed');
