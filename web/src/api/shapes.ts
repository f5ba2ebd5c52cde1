/** The shapes that travel between server and browser, written after the API contract. */

export type Instant = string | number;
export type Plain = string | number | boolean | null;

export interface Total {
  count: number;
  capped: boolean;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  total?: Total;
}

export interface Named {
  id: string;
  name: string;
}

export interface Me {
  id: string;
  name: string;
  display_name: string;
  roles: string[];
  department: Named | null;
  clearance: number;
  /** A second factor was shown in this session. */
  mfa: boolean;
  /** A second factor must be set up before other things open. */
  totp_needed?: boolean;
  totp_enrolled?: boolean;
  training_until: string | null;
  permissions: string[];
  locale?: string;
  firm: { name: string; time_zone?: string };
  /** The purposes that the firm offers, when the server tells them. */
  purposes?: { reveal?: string[]; export?: string[] };
  version: string;
}

export interface UserRow {
  id: string;
  name: string;
  display_name: string;
  department: Named | null;
  roles: string[];
  clearance: number;
  training_until: string | null;
  email?: string | null;
  mfa?: boolean;
  /** The clearance as it counts today: at most 2 without a valid training. */
  counted_clearance?: number;
  /** A one-time link waits for a second person's yes. */
  reset_waits?: boolean;
  disabled?: boolean;
  last_seen_at?: Instant | null;
  version?: number;
}

export interface UserDraft {
  name: string;
  display_name: string;
  department_id: string | null;
  roles: string[];
  clearance: number;
  training_until: string | null;
  email?: string | null;
}

export interface UserCreated extends UserRow {
  link: string;
  expires_at: Instant;
}

export interface Role {
  id: string;
  zh: string;
  en: string;
  kind: 'office' | 'business';
  clearance: number;
  about?: string;
}

export interface Department extends Named {
  parent_id?: string | null;
  people?: number;
}

export interface OneTimeLink {
  link: string;
  expires_at: Instant;
  /** It works only after a second person approved it. */
  needs_second?: boolean;
}

export interface Explanation {
  allowed: boolean;
  missing: { right: string; zh: string; en?: string }[];
  policies: { id: string; file: string; line: number; text: string; zh?: string | null }[];
  attributes: Record<string, unknown>;
}

export interface StaffImportResult {
  created: number;
  rejected: number;
  reasons?: { row: number; message: string }[];
  links?: (OneTimeLink & { name: string; display_name: string })[];
}

export interface SessionRow {
  id: string;
  user?: Named;
  current: boolean;
  started_at: Instant;
  last_seen_at: Instant;
  expires_at: Instant;
  address: string;
  agent: string;
}

export interface TokenRow {
  id: string;
  name: string;
  scope: string[];
  created_at: Instant;
  expires_at: Instant;
  last_used_at: Instant | null;
}

export interface TokenCreated extends TokenRow {
  token: string;
}

export interface TotpEnrolment {
  secret: string;
  uri: string;
  qr_svg: string;
}

export interface KeyStatus {
  algorithm: string;
  master: { source: string; beside_store: boolean; recovery_confirmed: boolean };
  levels: { level: number; key_id: string; created_at: Instant; values: number }[];
  rotation: { running: boolean; done: number; total: number };
  warnings?: { zh: string; en: string }[];
}

export type Stage = 'prospect' | 'onboarding' | 'active' | 'suspended' | 'ended' | 'archived';

export interface ClientRow {
  id: string;
  code: string;
  name: string;
  short_name: string | null;
  uscc: string | null;
  stage: Stage;
  taxpayer_kind: string | null;
  legal_rep_name: string | null;
  lead: Named | null;
  reviewer: Named | null;
  department: string | null;
  tags: string[];
  completeness: number;
  size: string | null;
  industry: string | null;
  registered_capital_fen: number | null;
  /** Of the capital, where it is not yuan. */
  capital_currency?: string | null;
  registered_on: string | null;
  region: string | null;
  level?: number;
  updated_at: Instant;
  version: number;
}

export interface FieldValue {
  value: Plain;
  masked: boolean;
  level: number;
  revealable: boolean;
  /** There is a value, but not even its mask may be seen. */
  locked?: boolean;
}

export type FieldValues = Record<string, FieldValue>;

export interface ListItem {
  id: string;
  fields: FieldValues;
}

export type Severity = 'error' | 'warning' | 'hint';

export interface Finding {
  field: string;
  severity: Severity;
  code: string;
  message: string;
}

export interface SectionCompleteness {
  section: string;
  percent: number;
  missing: { key: string; zh: string; en?: string }[];
}

export interface Computed {
  value?: Plain;
  zh?: string;
  en?: string;
  reason: string;
  reason_en?: string;
}

export interface Permission {
  allowed: boolean;
  reason?: string | null;
  reason_en?: string | null;
}

export interface ClientView extends ClientRow {
  hold?: {
    by: string;
    why: string;
    since: Instant;
    release_by: string | null;
    release_why: string | null;
  };
  removal?: { due: string; open: boolean; asked_by: string | null; why: string | null };
  fields: FieldValues;
  lists: Record<string, ListItem[]>;
  sections: SectionCompleteness[];
  findings: Finding[];
  computed: Record<string, Computed | null>;
  may: Record<string, Permission>;
  as_of?: string | null;
}

export interface ChangedField {
  field: string;
  by: string;
  at: Instant;
}

export interface VersionRow {
  version: number;
  at: Instant;
  by: string;
  why: string | null;
  changes: { field: string; zh: string; en?: string; before: Plain; after: Plain }[];
}

export interface ViewerRow {
  id?: string;
  at: Instant;
  actor_name: string;
  role?: string;
  action: string;
  outcome: string;
  classes: string[];
  purpose: string | null;
  origin?: string | null;
  /** More than one for the lists of one person and day. */
  count?: number;
  times?: Instant[];
}

export interface Similar {
  name: string;
  owner: string | null;
}

export interface Choice {
  value: string;
  zh: string;
  en: string;
}

export type FieldKind =
  | 'text'
  | 'long'
  | 'int'
  | 'money'
  | 'date'
  | 'choice'
  | 'uscc'
  | 'phone'
  | 'email'
  | 'identity_number'
  | 'account'
  | 'industry'
  | 'percent';

export interface FieldSpec {
  section: 'basic' | 'business' | 'financial';
  key: string;
  /** `contacts.mobile`, or the key alone. */
  path: string;
  zh: string;
  en: string;
  kind: FieldKind;
  required: boolean;
  level: number;
  item: string;
  masked: boolean;
  sealed: boolean;
  list?: string | null;
  choices?: (Choice | string)[] | null;
  custom: boolean;
}

export interface ListSpec {
  key: string;
  section: FieldSpec['section'];
  zh: string;
  en: string;
  required: boolean;
}

export interface FieldsView {
  fields: FieldSpec[];
  lists: ListSpec[];
  stages: Choice[];
}

export interface FieldCreate {
  section: string;
  key: string;
  zh: string;
  en: string;
  kind: FieldKind;
  item: string;
  choices?: string[];
  required?: boolean;
}

export interface CatalogueRow {
  item: string;
  zh: string;
  en: string;
  category: string;
  category_en?: string;
  level: number;
  masking: string;
  masking_en?: string;
  read: string;
  read_en?: string;
  write: string;
  write_en?: string;
  reveal?: string;
  reveal_en?: string;
  retention: string;
  retention_en?: string;
  sealed: boolean;
  searchable: boolean;
}

export interface SearchHit {
  id: string;
  code: string;
  name: string;
  short_name: string | null;
  lead: string | null;
}

export type ImportMode = 'create' | 'update' | 'both';
export type ImportState =
  | 'uploaded'
  | 'checking'
  | 'checked'
  | 'running'
  | 'done'
  | 'cancelled'
  | 'failed'
  | 'undone';

export interface ImportColumn {
  index: number;
  header: string;
  sample: string[];
  field: string | null;
}

export interface ImportUpload {
  id: string;
  columns: ImportColumn[];
  rows: number;
  layout_remembered: boolean;
}

export interface ImportCounts {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  duplicates: number;
}

export interface ImportNote {
  /** The row as Excel counts. */
  row: number;
  column: string | null;
  /** Not shown of confidential fields. */
  value: string | null;
  code: string;
  reason: string;
}

export interface ImportRow {
  id: string;
  file_name: string;
  state: ImportState;
  mode: ImportMode;
  /** Where new clients stand whose rows do not say. */
  stage: string;
  counts: ImportCounts;
  reasons: Record<string, number>;
  /** Values left out of rows that came in, by code. */
  warnings?: Record<string, number>;
  /** 0 to 100. */
  progress: number;
  /** Rows of the file. */
  total: number;
  by: string;
  at: Instant;
  undoable: Permission;
  columns: string[];
  mapping: Record<string, string>;
  failure?: string | null;
}

export interface RecordRow {
  id: string;
  at: Instant;
  actor: string;
  actor_name: string;
  action: string;
  outcome: string;
  clients_count: number;
  classes: string[];
  purpose: string | null;
  origin: string | null;
  request: string | null;
  refusal?: string | null;
  sealed: boolean;
}

export interface Verification {
  ok: boolean;
  entries: number;
  unsealed: number;
  checkpoints?: number;
  first_wrong: string | number | null;
  wrong?: { number: number; zh: string; en: string } | null;
  checkpoint: string | Record<string, unknown> | null;
}

export type ExportState = 'pending' | 'approved' | 'refused' | 'taken' | 'expired';

/** A request for an unmasked export. */
export interface ExportRequest {
  id: string;
  by: string;
  own: boolean;
  purpose: string;
  order: { filters?: Record<string, Plain>; ids?: string[]; columns?: string | null };
  clients: number;
  at: Instant;
  state: ExportState;
  decided_by: string | null;
  decided_at: Instant | null;
  may_decide: boolean;
  may_take: boolean;
}

export type MergeSide = 'from' | 'into';

export interface MergeParty {
  id: string;
  code: string;
  name: string;
  version: number;
}

export interface ComparedField {
  field: string;
  zh: string;
  en: string;
  from: FieldValue | null;
  into: FieldValue | null;
  differs: boolean;
  kept: MergeSide;
}

export interface MergePreview {
  from: MergeParty;
  into: MergeParty;
  fields: ComparedField[];
  lists: { list: string; zh: string; en: string; from: number; into: number }[];
  tags: string[];
  conflicts: string[];
}

export interface Todo {
  id?: string;
  code?: string;
  zh?: string;
  en?: string;
  title?: string;
  count?: number;
  client_id?: string | null;
  href?: string | null;
  due?: string | null;
}

export interface Overview {
  cards: { clients: number; unassigned: number; incomplete: number; findings: number };
  todos: Todo[];
  recent: ClientRow[];
  quality: { code: string; zh: string; en?: string; count: number }[];
}

export interface SavedView {
  id: string;
  name: string;
  shared: boolean;
  query: string;
  own?: boolean;
  may_delete?: boolean;
}

export type Settings = Record<string, Plain>;
