/** Inputs and display of one field by its kind. */
import { DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { Choice, FieldSpec, Plain } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { formatFen, parseYuan } from '@/format/money';
import { inLang, useLang } from '@/i18n/lang';
import type { Lang, Translate } from '@/i18n/lang';

/** The choices of a field in one form. */
export function choicesOf(spec: Pick<FieldSpec, 'choices'>): Choice[] {
  return (spec.choices ?? []).map((choice) =>
    typeof choice === 'string' ? { value: choice, zh: choice, en: choice } : choice,
  );
}

/** A plain value as text. */
export function fieldText(spec: FieldSpec, value: Plain, lang: Lang, t: Translate): string {
  if (value === null || value === '') return '';
  if (spec.kind === 'choice') {
    const found = choicesOf(spec).find((choice) => choice.value === value);
    return found ? inLang(lang, found) : String(value);
  }
  if (typeof value === 'boolean') return value ? t('word.yes') : t('word.no');
  if (spec.kind === 'money' && Number.isFinite(Number(value))) {
    return `${formatFen(Number(value))} ${t('unit.yuan')}`;
  }
  if (spec.kind === 'int' && Number.isFinite(Number(value))) return formatCount(Number(value));
  if (spec.kind === 'percent') return `${value}%`;
  return String(value);
}

interface InputProps {
  spec: FieldSpec;
  value?: Plain;
  onChange?: (value: Plain) => void;
  id?: string;
  placeholder?: string;
  disabled?: boolean;
}

function MoneyInput({ value, onChange, ...rest }: Omit<InputProps, 'spec'>) {
  const { t } = useLang();
  const [draft, setDraft] = useState<string | null>(null);
  const shown = typeof value === 'number' ? formatFen(value) : String(value ?? '');
  const leave = () => {
    if (draft === null) return;
    const fen = draft.trim() === '' ? null : parseYuan(draft);
    onChange?.(draft.trim() === '' ? null : (fen ?? draft));
    setDraft(null);
  };
  return (
    <Input
      {...rest}
      inputMode="decimal"
      suffix={t('unit.yuan')}
      value={draft ?? shown}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={leave}
      onPressEnter={leave}
    />
  );
}

const date = (value: Plain | undefined): Dayjs | null => {
  const day = typeof value === 'string' && value ? dayjs(value) : null;
  return day?.isValid() ? day : null;
};

export function FieldInput({ spec, value, onChange, ...rest }: InputProps) {
  const { lang } = useLang();
  const text = value === null || value === undefined ? '' : String(value);
  const put = (next: string) => onChange?.(next === '' ? null : next);
  switch (spec.kind) {
    case 'long':
      return (
        <Input.TextArea
          {...rest}
          rows={2}
          className="heng-long"
          value={text}
          onChange={(event) => put(event.target.value)}
        />
      );
    case 'int':
      return (
        <InputNumber
          {...rest}
          style={{ width: '100%' }}
          precision={0}
          value={value === null || value === undefined || value === '' ? null : Number(value)}
          onChange={(next) => onChange?.(next)}
        />
      );
    case 'money':
      return <MoneyInput {...rest} value={value ?? null} {...(onChange ? { onChange } : {})} />;
    case 'date':
      return (
        <DatePicker
          {...rest}
          style={{ width: '100%' }}
          value={date(value)}
          onChange={(next) => onChange?.(next ? next.format('YYYY-MM-DD') : null)}
        />
      );
    case 'choice':
      return (
        <Select
          {...rest}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={text || undefined}
          onChange={(next: string | undefined) => onChange?.(next ?? null)}
          options={choicesOf(spec).map((c) => ({ value: c.value, label: inLang(lang, c) }))}
        />
      );
    default:
      return (
        <Input
          {...rest}
          allowClear
          autoComplete="off"
          {...(spec.kind === 'phone' ? { inputMode: 'tel' as const } : {})}
          {...(spec.kind === 'percent' ? { suffix: '%' } : {})}
          value={text}
          onChange={(event) => put(event.target.value)}
        />
      );
  }
}
