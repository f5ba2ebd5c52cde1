/** The shapes of statements and returns, written after the API contract. Amounts are in fen. */
import type { Instant, Severity } from './shapes';

export type SheetKind = 'balance_sheet' | 'income' | 'cash_flow';
export type SheetColumn = 'closing' | 'opening' | 'current' | 'year_to_date' | 'prior';
export type Standard = 'small' | 'general';
export type SheetUnit = 'yuan' | 'thousand' | 'ten_thousand';
export type SetState = 'draft' | 'submitted' | 'reviewed' | 'approved';
export type Step = 'submit' | 'send_back' | 'review' | 'approve' | 'reopen';
export type Cause = 'client' | 'firm' | 'policy';
export type RuleOutcome = 'holds' | 'broken' | 'uncheckable' | 'excepted';

/** Fen by the number of the line. */
export type Figures = Record<string, number>;

export interface Unlisted {
  name: string;
  figures: Record<string, number>;
}

export interface Sheet {
  kind: SheetKind;
  standard: Standard;
  layout: string;
  unit: SheetUnit;
  carries_fen: boolean;
  columns: { [C in SheetColumn]?: Figures };
  printed: number[];
  unlisted: Unlisted[];
}

export interface SignedBy {
  id: string;
  name: string;
  at: Instant;
}

export interface Counts {
  errors: number;
  warnings: number;
  hints: number;
  uncheckable: number;
}

export interface SetRow {
  /** `FS`, or the key of a return. */
  kind: string;
  period: string;
  state: SetState;
  version: number;
  number: number;
  prepared: SignedBy;
  submitted: SignedBy | null;
  reviewed: SignedBy | null;
  approved: SignedBy | null;
  first_submitted: SignedBy | null;
  first_errors: number | null;
  counts: Counts;
}

export interface Allowed {
  allowed: boolean;
  reason?: string;
  reason_en?: string;
}

export interface SetList {
  items: SetRow[];
  may: Record<string, Allowed>;
}

/** A cell that enters a rule: a place to look at. */
export interface RuleCell {
  side: 'left' | 'right' | '';
  sign: number;
  fen: number | null;
  period: string;
  statement: SheetKind | null;
  form: string | null;
  column: string | null;
  line: string | null;
  zh: string;
  en: string;
}

export interface RuleResult {
  rule: string;
  name: string;
  name_en: string;
  severity: Severity;
  outcome: RuleOutcome;
  statement: SheetKind | null;
  column: string | null;
  left_fen: number | null;
  right_fen: number | null;
  difference_fen: number | null;
  tolerance_fen: number;
  zh: string;
  en: string;
  cells: RuleCell[];
  blanks: RuleCell[];
}

export interface RuleException {
  rule: string;
  number: number;
  by: SignedBy;
  why: string;
}

/** A single change that would mend broken rules. */
export interface Repair {
  mends: string[];
  zh: string;
  en: string;
}

/** A return as it was filed. */
export interface Filed {
  form: string;
  period: string;
  filed_on?: string | null;
  columns: Record<string, Figures>;
  rows?: { item: string; cells: Figures }[];
}

export interface SetView extends SetRow {
  /** The revision that is shown. */
  shown: number;
  why: string;
  statements: Sheet[];
  filed: Filed | null;
  facts: Record<string, number>;
  results: RuleResult[];
  exceptions: RuleException[];
  repairs?: Repair[];
  may: Record<string, Allowed>;
}

export interface Revision {
  number: number;
  by: SignedBy;
  source: string;
  cause: Cause | null;
  address: string;
}

export interface SheetDraft {
  kind: SheetKind;
  standard: Standard;
  layout?: string;
  unit: SheetUnit;
  carries_fen: boolean;
  columns: Sheet['columns'];
  printed: number[];
  unlisted?: Unlisted[];
}

export interface SetDraft {
  statements: SheetDraft[];
  facts: Record<string, number>;
  cause?: Cause;
  why?: string;
}

export interface ChartLine {
  number: number;
  code: string;
  zh: string;
  en: string;
  /** `item`, `of`, `sum`, `covers`, `in` or `out`. */
  kind: string;
  parent: number | null;
  addends: { sign: number; line: number }[];
  note: string;
}

export interface Chart {
  standard: Standard;
  statements: Record<SheetKind, ChartLine[]>;
}

export interface FilePlace {
  sheet: string;
  row: number;
  column: number;
}

export interface Doubt {
  code: string;
  zh: string;
  en: string;
  place: FilePlace | null;
}

export interface FoundSheet {
  index: number;
  period: string;
  period_named: boolean;
  place: FilePlace;
  statement: Sheet;
  matched: { line: number; name: string; by: string; place: FilePlace }[];
  doubts: Doubt[];
}

export interface FoundFiling {
  index: number;
  period: string;
  period_named: boolean;
  place: FilePlace;
  filed: Filed;
  doubts: Doubt[];
}

export interface StatementPreview {
  id: string;
  file_name: string;
  statements: FoundSheet[];
  returns: FoundFiling[];
  passed_over: string[];
  balances: number;
}

export interface RowChoice {
  statement: SheetKind;
  name: string;
  line: number | null;
}

export interface Confirmation {
  choices: RowChoice[];
  periods: Record<string, string>;
  return_periods: Record<string, string>;
  skipped: number[];
  cause?: Cause;
  why?: string;
}

export interface NamedClient {
  id: string;
  code: string;
  name: string;
}

export interface OpenOutcome {
  client: NamedClient;
  kind: string;
  period: string;
  rule: string;
  zh: string;
  en: string;
  severity: Severity;
  state: RuleOutcome;
  set_state: SetState;
  since: Instant;
}

export interface OutcomePage {
  items: OpenOutcome[];
  next: string | null;
  counts: Record<string, number>;
}

export interface AccuracyGroup {
  id: string | null;
  name: string | null;
  submitted: number;
  right: number;
}

export interface FirstSubmission {
  client: NamedClient;
  kind: string;
  period: string;
  by: string;
  at: Instant;
  errors: number;
}

export interface Accuracy {
  submitted: number;
  right: number;
  groups: AccuracyGroup[];
  firsts: FirstSubmission[];
}

export interface ArticulationRule {
  id: string;
  applies: string;
  zh: string;
  en: string;
  formula: string;
  exceptions: string;
  severity: Severity;
  tolerance: string;
  own_severity: Severity | null;
  own_tolerance: string | null;
}

export interface RuleList {
  version: number;
  items: ArticulationRule[];
}

/** How a value stands to what is usual. */
export type Standing = 'good' | 'watch' | 'alarm';

export interface UsedLine {
  statement: string;
  period: string;
  column: string;
  line: number;
  code: string;
  zh: string;
  fen: number;
}

export interface Ratio {
  id: string;
  zh: string;
  en: string;
  formula: string;
  measure: 'percent' | 'times' | 'days';
  state: 'known' | 'not_meaningful' | 'withheld';
  /** The written form, such as `40.00%`. */
  text: string | null;
  annualised: boolean;
  missing: { zh: string; en: string }[];
  standing: Standing | null;
}

export interface Movement {
  statement: string;
  line: number;
  zh: string;
  en: string;
  earlier: string;
  before_fen: number;
  now_fen: number;
  /** In ten-thousandths; null when it was zero before. */
  change: number | null;
  question: string;
  question_en: string;
}

export interface TrendSeries {
  key: string;
  zh: string;
  en: string;
  unit: 'fen' | 'share';
  values: (number | null)[];
}

export interface Analysis {
  period: string;
  periods: string[];
  ratios: Ratio[];
  movements: Movement[];
  rolling_sales: {
    basis: 'vat_returns' | 'revenue';
    line_fen: number;
    months: { month: string; sales_fen: number; missing: string[]; nearness: string }[];
  };
  working_capital: {
    year: string | null;
    state: 'known' | 'no_need_by_formula' | 'withheld';
    working_capital_fen: number | null;
    own_funds_fen: number | null;
    existing_loans_fen: number | null;
    new_loan_fen: number | null;
    missing: { zh: string; en: string }[];
  };
  trend: { periods: string[]; series: TrendSeries[] };
  may: Record<string, boolean>;
}

export interface ReadinessPoint {
  state: 'not_ready' | 'ask' | 'ready';
  zh: string;
  en: string;
  cause: { kind: string; period: string | null; id: string | null };
}
