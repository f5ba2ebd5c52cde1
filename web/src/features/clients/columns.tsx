/** The columns of the client list. */
import { Tooltip } from 'antd';
import type { ClientRow, FieldSpec } from '@/api/shapes';
import { formatFen } from '@/format/money';
import type { MoneyUnit } from '@/format/money';
import { formatInstant } from '@/format/time';
import type { Lang, Translate } from '@/i18n/lang';
import { wordOr } from '@/i18n/lang';
import type { Column } from '@/ui/DataTable';
import { fieldText } from '@/ui/FieldInput';
import { PercentBar, ShortTags, StageTag } from '@/ui/tags';

interface Options {
  t: Translate;
  lang: Lang;
  unit: MoneyUnit;
  fields: FieldSpec[];
  open: (id: string) => void;
}

const dash = <span className="heng-quiet">–</span>;
const quiet = (text: string | null | undefined) => (text ? <span title={text}>{text}</span> : dash);

export function clientColumns({ t, lang, unit, fields, open }: Options): Column<ClientRow>[] {
  const spec = (key: string) => fields.find((field) => field.path === key);
  const choice = (key: string, value: string | null) => {
    const found = spec(key);
    return quiet(value && found ? fieldText(found, value, lang, t) : value);
  };
  return [
    {
      key: 'name',
      title: t('client.name'),
      width: 216,
      sort: 'name',
      fixed: true,
      frozenAtFirst: true,
      render: (row) => (
        <button
          type="button"
          className="heng-link"
          title={row.name}
          onClick={() => open(row.id)}
        >
          {row.name}
        </button>
      ),
    },
    {
      key: 'code',
      title: t('client.code'),
      width: 104,
      sort: 'code',
      phone: true,
      render: (row) => <span className="heng-code">{row.code}</span>,
    },
    {
      key: 'stage',
      title: t('client.stage'),
      width: 84,
      sort: 'stage',
      phone: true,
      render: (row) => <StageTag stage={row.stage} />,
    },
    {
      key: 'uscc',
      title: t('client.uscc'),
      width: 178,
      sort: 'uscc',
      render: (row) => (row.uscc ? <span className="heng-code">{row.uscc}</span> : dash),
    },
    {
      key: 'taxpayer_kind',
      title: t('client.taxpayer'),
      width: 116,
      sort: 'taxpayer_kind',
      render: (row) => choice('taxpayer_kind', row.taxpayer_kind),
    },
    {
      key: 'lead',
      title: t('client.lead'),
      width: 96,
      phone: true,
      render: (row) => row.lead?.name ?? <span className="heng-quiet">{t('client.nolead')}</span>,
    },
    {
      key: 'completeness',
      title: t('client.completeness'),
      width: 124,
      sort: 'completeness',
      phone: true,
      render: (row) => <PercentBar percent={row.completeness} width={56} />,
    },
    {
      key: 'capital',
      title: `${t('client.capital')} (${t(`unit.${unit}`)})`,
      width: 136,
      align: 'end',
      sort: 'registered_capital_fen',
      render: (row) => (
        <span className="heng-num">
          {row.capital_currency ? `${row.capital_currency} ` : ''}
          {formatFen(row.registered_capital_fen, unit)}
        </span>
      ),
    },
    {
      key: 'tags',
      title: t('client.tags'),
      width: 130,
      hiddenAtFirst: true,
      render: (row) => <ShortTags tags={row.tags} />,
    },
    {
      key: 'updated_at',
      title: t('client.updated'),
      width: 144,
      sort: 'updated_at',
      hiddenAtFirst: true,
      render: (row) => <span className="heng-num">{formatInstant(row.updated_at)}</span>,
    },
    {
      key: 'legal_rep_name',
      title: t('client.legalrep'),
      width: 96,
      hiddenAtFirst: true,
      render: (row) => (
        <Tooltip title={row.legal_rep_name?.includes('*') ? t('client.masked') : undefined}>
          <span className={row.legal_rep_name?.includes('*') ? 'heng-mask' : ''}>
            {row.legal_rep_name ?? '–'}
          </span>
        </Tooltip>
      ),
    },
    {
      key: 'short_name',
      title: t('client.short'),
      width: 120,
      sort: 'short_name',
      hiddenAtFirst: true,
      render: (row) => quiet(row.short_name),
    },
    {
      key: 'reviewer',
      title: t('client.reviewer'),
      width: 92,
      hiddenAtFirst: true,
      render: (row) => quiet(row.reviewer?.name),
    },
    {
      key: 'department',
      title: t('client.department'),
      width: 120,
      hiddenAtFirst: true,
      render: (row) => quiet(row.department),
    },
    {
      key: 'size',
      title: t('client.size'),
      width: 84,
      hiddenAtFirst: true,
      render: (row) => quiet(row.size && wordOr(t, 'size', row.size)),
    },
    {
      key: 'industry',
      title: t('client.industry'),
      width: 160,
      sort: 'industry',
      hiddenAtFirst: true,
      render: (row) => quiet(row.industry),
    },
    {
      key: 'region',
      title: t('client.region'),
      width: 150,
      sort: 'region',
      hiddenAtFirst: true,
      render: (row) => quiet(row.region),
    },
    {
      key: 'registered_on',
      title: t('client.registered'),
      width: 112,
      sort: 'registered_on',
      hiddenAtFirst: true,
      render: (row) => <span className="heng-num">{row.registered_on ?? '–'}</span>,
    },
  ];
}
