/** Small parts that the pages of statements share. */
import {
  CheckCircleOutlined,
  CloseCircleOutlined,
  InfoCircleOutlined,
  QuestionCircleOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Alert, Button, DatePicker, Segmented } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Problem } from '@/api/client';
import type { Allowed, Counts, SetState } from '@/api/statementShapes';
import { formatFen } from '@/format/money';
import type { MoneyUnit } from '@/format/money';
import { useLang, useT, wordOr } from '@/i18n/lang';
import type { Translate } from '@/i18n/lang';
import { Loaded, problemText } from '@/ui/problems';
import { Chip } from '@/ui/tags';
import type { Tone } from '@/ui/theme';
import { COLOURS } from '@/ui/theme';
import './statements.css';

const STATE_TONES: Record<SetState, Tone> = {
  draft: 'grey',
  submitted: 'blue',
  reviewed: 'purple',
  approved: 'green',
};

export function StateTag({ state }: { state: SetState }) {
  const t = useT();
  return <Chip tone={STATE_TONES[state]}>{t(`st.state.${state}`)}</Chip>;
}

/** The kinds of set, in the order in which they are listed. */
export const KINDS = ['FS', 'VAT_G', 'VAT_S', 'CIT_P', 'CIT_Y', 'IIT_W', 'STAMP'] as const;

export const kindName = (t: Translate, kind: string) => wordOr(t, 'st.kind', kind);

/** How many rules are broken, with an icon and a word each. */
export function CountsShown({ counts, words = false }: { counts: Counts; words?: boolean }) {
  const t = useT();
  const { errors, warnings, hints, uncheckable } = counts;
  const one = (count: number, icon: ReactNode, word: string) =>
    count > 0 && (
      <span className="heng-num" title={word} style={{ whiteSpace: 'nowrap' }}>
        {icon} {words ? word : count}
        {!words && <span className="heng-hidden">{word}</span>}
      </span>
    );
  const clean = errors + warnings + hints === 0;
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: '2px 10px' }}>
      {one(
        errors,
        <CloseCircleOutlined style={{ color: COLOURS.bad }} />,
        t('st.count.errors', { count: errors }),
      )}
      {one(
        warnings,
        <WarningOutlined style={{ color: COLOURS.warn }} />,
        t('st.count.warnings', { count: warnings }),
      )}
      {one(
        hints,
        <InfoCircleOutlined style={{ color: COLOURS.primary }} />,
        t('st.count.hints', { count: hints }),
      )}
      {clean && (
        <span style={{ color: COLOURS.good, whiteSpace: 'nowrap' }}>
          <CheckCircleOutlined /> {t('st.count.clean')}
        </span>
      )}
      {one(
        uncheckable,
        <QuestionCircleOutlined style={{ color: COLOURS.quiet }} />,
        t('st.count.uncheckable', { count: uncheckable }),
      )}
    </span>
  );
}

const UNIT_STORE = 'heng.unit';

/** 元 or 万元, remembered for this browser. */
export function useUnit(): [MoneyUnit, (unit: MoneyUnit) => void] {
  const [unit, set] = useState<MoneyUnit>(() =>
    localStorage.getItem(UNIT_STORE) === 'wan' ? 'wan' : 'yuan',
  );
  const keep = (next: MoneyUnit) => {
    localStorage.setItem(UNIT_STORE, next);
    set(next);
  };
  return [unit, keep];
}

export function UnitSwitch(props: { unit: MoneyUnit; setUnit: (unit: MoneyUnit) => void }) {
  const t = useT();
  return (
    <Segmented<MoneyUnit>
      aria-label={t('st.unit')}
      value={props.unit}
      onChange={props.setUnit}
      options={[
        { value: 'yuan', label: t('unit.yuan') },
        { value: 'wan', label: t('unit.wan') },
      ]}
    />
  );
}

/** An amount at the right, negative in parentheses; nothing for a blank. */
export function Amount({ fen, unit }: { fen: number | null | undefined; unit: MoneyUnit }) {
  if (fen === null || fen === undefined) return null;
  return (
    <span className="heng-num" style={fen < 0 ? { color: COLOURS.bad } : undefined}>
      {formatFen(fen, unit)}
    </span>
  );
}

export function isCoreAway(error: unknown): boolean {
  return error instanceof Problem && error.code === 'core.unavailable';
}

/** The store of key financial data is away; everything else goes on. */
export function CoreAway({ error, retry }: { error: unknown; retry?: () => void }) {
  const { lang, t } = useLang();
  return (
    <Alert
      type="warning"
      showIcon
      title={t('st.away')}
      description={
        <>
          <div>{t('st.away.about')}</div>
          <div className="heng-quiet">{problemText(error, lang, t)}</div>
        </>
      }
      action={retry ? <Button size="small" onClick={retry}>{t('action.retry')}</Button> : undefined}
    />
  );
}

interface FiguresProps<T> {
  query: UseQueryResult<T>;
  children: (value: T) => ReactNode;
  page?: boolean;
}

/** As `Loaded`, with a friendly word when the store of figures is away. */
export function LoadedFigures<T>({ query, children, page = false }: FiguresProps<T>) {
  if (query.data === undefined && isCoreAway(query.error)) {
    return <CoreAway error={query.error} retry={() => void query.refetch()} />;
  }
  return <Loaded query={query} page={page} rows={10}>{children}</Loaded>;
}

/** The reason why something is not open, in the language shown. */
export function useReason(): (allowed: Allowed | undefined) => string | undefined {
  const { lang } = useLang();
  return (allowed) => (lang === 'en' ? allowed?.reason_en : allowed?.reason);
}

type Length = 'month' | 'quarter' | 'year';

/** How long a period such as `2026-09`, `2026Q3` or `2026` is. */
export function lengthOf(period: string): Length {
  if (period.includes('-')) return 'month';
  return period.includes('Q') ? 'quarter' : 'year';
}

function firstDay(period: string): dayjs.Dayjs | null {
  const year = period.slice(0, 4);
  const length = lengthOf(period);
  if (!/^\d{4}$/.test(year)) return null;
  if (length === 'month') return dayjs(`${period}-01`);
  const month = length === 'quarter' ? (Number(period.slice(5)) - 1) * 3 : 0;
  return dayjs(`${year}-01-01`).add(month, 'month');
}

function periodOf(day: dayjs.Dayjs, length: Length): string {
  if (length === 'month') return day.format('YYYY-MM');
  if (length === 'year') return day.format('YYYY');
  return `${day.year()}Q${Math.floor(day.month() / 3) + 1}`;
}

interface PickerProps {
  value: string;
  onChange: (period: string) => void;
  label: string;
}

/** A month, a quarter or a year. */
export function PeriodPicker({ value, onChange, label }: PickerProps) {
  const t = useT();
  const length = lengthOf(value);
  const day = firstDay(value);
  return (
    <span style={{ display: 'inline-flex', gap: 8, flexWrap: 'wrap' }}>
      <Segmented<Length>
        aria-label={label}
        value={length}
        onChange={(next) => onChange(periodOf(day ?? dayjs(), next))}
        options={(['month', 'quarter', 'year'] as const).map((one) => ({
          value: one,
          label: t(`st.length.${one}`),
        }))}
      />
      <DatePicker
        picker={length}
        allowClear={false}
        aria-label={label}
        style={{ width: 130 }}
        value={day}
        onChange={(next) => next && onChange(periodOf(next, length))}
      />
    </span>
  );
}

/** The end of the last whole month, quarter or year before a day. */
export function lastPeriod(today: dayjs.Dayjs): string {
  return today.subtract(1, 'month').format('YYYY-MM');
}
