/** What the server refused of a form: at each field, and together above it. */
import { Alert } from 'antd';
import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { Problem } from '@/api/client';
import type { FieldSpec } from '@/api/shapes';
import { inLang, useLang } from '@/i18n/lang';
import type { Lang } from '@/i18n/lang';
import { ProblemAlert } from '@/ui/problems';

export type Refusals = Record<string, string>;

interface Sent {
  field?: string;
  detail?: string;
  detail_en?: string;
}

/** What is wrong with which of these fields; empty when the refusal is about something else. */
export function refusalsOf(error: unknown, fields: FieldSpec[], lang: Lang): Refusals {
  if (!(error instanceof Problem)) return {};
  const list = error.body['errors'];
  const one: Sent = { detail: error.detail, detail_en: error.detailEn };
  if (error.field) one.field = error.field;
  const all = Array.isArray(list) ? (list as Sent[]) : [one];
  const found: Refusals = {};
  for (const sent of all) {
    const spec = fields.find((field) => field.path === sent.field || field.key === sent.field);
    if (spec) found[spec.key] = (lang === 'en' ? sent.detail_en : sent.detail) ?? '';
  }
  return found;
}

interface Props {
  error: unknown;
  fields: FieldSpec[];
  form: FormInstance;
}

/** Says what was refused, and brings the person to the first field that is wrong. */
export function RefusedAlert({ error, fields, form }: Props) {
  const { lang, t } = useLang();
  const refused = refusalsOf(error, fields, lang);
  const wrong = fields.filter((field) => field.key in refused);
  const first = wrong[0]?.key;
  useEffect(() => {
    if (error && first) form.scrollToField(first, { block: 'center', focus: true });
  }, [error, first, form]);
  if (!error) return null;
  if (wrong.length === 0) return <ProblemAlert error={error} />;
  return (
    <Alert
      type="error"
      showIcon
      style={{ marginBottom: 16 }}
      title={t('form.refused', { count: wrong.length })}
      description={wrong.map((field) => (
        <div key={field.key}>
          {inLang(lang, field)} · {refused[field.key]}
        </div>
      ))}
    />
  );
}
