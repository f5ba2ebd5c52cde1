/** A field as it may be read: plain, masked, or sealed with 查看. */
import { LockOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import { useMe } from '@/access/me';
import { revealField } from '@/api/clients';
import type { FieldSpec, FieldValue, Plain } from '@/api/shapes';
import { formatFen } from '@/format/money';
import { inLang, useLang } from '@/i18n/lang';
import { fieldText } from '@/ui/FieldInput';
import { SealedField } from '@/ui/SealedField';

interface Props {
  client: string;
  spec: FieldSpec;
  field: FieldValue | undefined;
  item?: string;
  /** The currency of the registered capital, where it is not yuan. */
  currency?: Plain | undefined;
}

export function FieldShown({ client, spec, field, item, currency }: Props) {
  const { lang, t } = useLang();
  const me = useMe();
  if (field?.locked) {
    return (
      <Tooltip title={t('client.locked.about')}>
        <span className="heng-quiet"><LockOutlined /> {t('client.locked')}</span>
      </Tooltip>
    );
  }
  if (!field || field.value === null || field.value === '') {
    return <span className="heng-quiet">–</span>;
  }
  if (field.masked && field.revealable) {
    return (
      <SealedField
        label={inLang(lang, spec)}
        masked={String(field.value)}
        revealable
        purposes={me.purposes?.reveal}
        reveal={(purpose) =>
          revealField(client, { field: spec.path, purpose, ...(item ? { item } : {}) })
        }
      />
    );
  }
  const capital = spec.key === 'registered_capital_fen';
  const foreign = capital && currency && currency !== 'CNY' ? String(currency) : null;
  const text = foreign
    ? `${foreign} ${formatFen(Number(field.value))}`
    : fieldText(spec, field.value, lang, t);
  if (field.masked) {
    return (
      <Tooltip title={t('client.masked')}>
        <span className="heng-mask heng-code">{String(field.value)}</span>
      </Tooltip>
    );
  }
  if (spec.kind === 'uscc' || spec.kind === 'identity_number' || spec.kind === 'account') {
    return <span className="heng-code heng-wrap">{text}</span>;
  }
  const number = spec.kind === 'money' || spec.kind === 'int' || spec.kind === 'date';
  return <span className={number ? 'heng-num' : 'heng-wrap'}>{text}</span>;
}
