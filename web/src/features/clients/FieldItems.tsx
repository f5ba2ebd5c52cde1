/** The inputs of a form made from field definitions: two columns, long texts across. */
import { Form } from 'antd';
import type { FieldSpec, FieldValues, Finding } from '@/api/shapes';
import { inLang, useLang } from '@/i18n/lang';
import { FieldInput } from '@/ui/FieldInput';
import type { Refusals } from './refusals';

interface Props {
  fields: FieldSpec[];
  now?: FieldValues;
  findings?: Finding[];
  /** What the server refused, by field, in its words. */
  refused?: Refusals;
}

export function FieldItems({ fields, now, findings, refused }: Props) {
  const { lang, t } = useLang();
  return (
    <div className="heng-form">
      {fields.map((field) => {
        const value = now?.[field.key];
        const masked = Boolean(value?.masked && value.value);
        const finding = findings?.find((one) => one.field === field.key);
        const wrong = refused?.[field.key];
        return (
          <Form.Item
            key={field.key}
            name={field.key}
            label={inLang(lang, field)}
            className={field.kind === 'long' ? 'wide' : ''}
            rules={
              (field.key === 'name' || (field.custom && field.required)) && !masked
                ? [{ required: true, message: t('form.required') }]
                : []
            }
            {...(masked ? { extra: t('form.masked', { value: String(value?.value) }) } : {})}
            {...(finding && !wrong
              ? {
                  help: finding.message,
                  validateStatus: finding.severity === 'error' ? 'error' : 'warning',
                }
              : {})}
            {...(wrong ? { help: wrong, validateStatus: 'error' as const } : {})}
          >
            <FieldInput spec={field} {...(masked ? { placeholder: t('form.keep') } : {})} />
          </Form.Item>
        );
      })}
    </div>
  );
}
