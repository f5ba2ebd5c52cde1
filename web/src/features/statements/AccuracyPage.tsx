/** 准确率: the share of first submissions that broke no rule of level error, and why. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Checkbox, DatePicker, Segmented } from 'antd';
import dayjs from 'dayjs';
import type { AccuracyGroup, FirstSubmission } from '@/api/statementShapes';
import { formatCount } from '@/format/text';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { PageHeader } from '@/ui/PageHeader';
import { Loaded, Nothing } from '@/ui/problems';
import { Chip, PercentBar } from '@/ui/tags';
import { percent } from '@/format/text';
import { Bars } from './Bars';
import { kindName } from './parts';
import { useAccuracy } from './queries';
import { shareText } from './shares';

const WAYS = ['client', 'person', 'team'] as const;
type Way = (typeof WAYS)[number];

function Card({ name, value, about }: { name: string; value: string; about?: string }) {
  return (
    <section className="heng-panel heng-panel-pad">
      <div className="heng-quiet">{name}</div>
      <div className="heng-num" style={{ fontSize: 24, fontWeight: 600, lineHeight: '34px' }}>
        {value}
      </div>
      {about && <div className="heng-quiet">{about}</div>}
    </section>
  );
}

function Firsts({ rows, loading }: { rows: FirstSubmission[] | undefined; loading: boolean }) {
  const t = useT();
  const columns: Column<FirstSubmission>[] = [
    {
      key: 'client',
      title: t('st.client'),
      width: 220,
      fixed: true,
      render: (row) => (
        <Link to="/clients/$id" params={{ id: row.client.id }} search={{ tab: 'financial' }}>
          {row.client.name}
        </Link>
      ),
    },
    {
      key: 'set',
      title: t('st.set'),
      width: 190,
      phone: true,
      render: (row) => (
        <Link
          to="/clients/$id/statements/$kind/$period"
          params={{ id: row.client.id, kind: row.kind, period: row.period }}
        >
          {kindName(t, row.kind)} {row.period}
        </Link>
      ),
    },
    { key: 'by', title: t('st.submitter'), width: 110, phone: true, render: (row) => row.by },
    {
      key: 'at',
      title: t('st.submitted.at'),
      width: 150,
      phone: true,
      render: (row) => <span className="heng-num">{formatInstant(row.at)}</span>,
    },
    {
      key: 'errors',
      title: t('st.accuracy.first'),
      width: 130,
      phone: true,
      render: (row) =>
        row.errors > 0 ? (
          <Chip tone="red">{t('st.count.errors', { count: row.errors })}</Chip>
        ) : (
          <Chip tone="green">{t('st.accuracy.passed')}</Chip>
        ),
    },
  ];
  return (
    <DataTable
      name="firsts"
      plain
      columns={columns}
      rows={rows}
      loading={loading}
      rowKey={(row) => `${row.client.id} ${row.kind} ${row.period}`}
      empty={<Nothing text={t('st.accuracy.none')} />}
    />
  );
}

export function AccuracyPage() {
  const t = useT();
  const search = useSearch({ from: '/in/statements/accuracy' });
  const navigate = useNavigate({ from: '/statements/accuracy' });
  const way: Way = WAYS.find((one) => one === search.by) ?? 'client';
  const { name, by: _by, ...filter } = search;
  const months = useAccuracy({ ...filter, by: 'month' });
  const groups = useAccuracy({ ...filter, by: way });
  const put = (next: { [K in keyof typeof search]?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...next }) });
  const month = (text: string | undefined) => (text ? dayjs(`${text}-01`) : null);
  const into = (row: AccuracyGroup) => {
    if (row.id) put({ [way]: row.id, name: row.name ?? row.id });
  };
  const chosen = search.client ?? search.person ?? search.team;
  const columns: Column<AccuracyGroup>[] = [
    {
      key: 'name',
      title: t(`st.by.${way}`),
      width: 220,
      fixed: true,
      render: (row) =>
        row.id ? (
          <button type="button" className="heng-link" onClick={() => into(row)}>
            {row.name ?? row.id}
          </button>
        ) : (
          (row.name ?? t('st.by.none'))
        ),
    },
    {
      key: 'share',
      title: t('st.accuracy.share'),
      width: 160,
      phone: true,
      render: (row) => <PercentBar percent={percent(row.right, row.submitted)} />,
    },
    {
      key: 'submitted',
      title: t('st.accuracy.submitted'),
      width: 120,
      align: 'end',
      phone: true,
      render: (row) => <span className="heng-num">{formatCount(row.submitted)}</span>,
    },
    {
      key: 'wrong',
      title: t('st.accuracy.wrong'),
      width: 140,
      align: 'end',
      phone: true,
      render: (row) => <span className="heng-num">{formatCount(row.submitted - row.right)}</span>,
    },
  ];
  return (
    <>
      <PageHeader title={t('nav.accuracy')} about={t('st.accuracy.about')} />
      <section className="heng-panel heng-toolbar" style={{ padding: 12, marginBottom: 12 }}>
        <DatePicker.RangePicker
          picker="month"
          allowEmpty={[true, true]}
          aria-label={t('st.accuracy.range')}
          value={[month(search.from), month(search.to)]}
          onChange={(range) =>
            put({ from: range?.[0]?.format('YYYY-MM'), to: range?.[1]?.format('YYYY-MM') })
          }
        />
        <Checkbox
          checked={search.wrong === 'true'}
          onChange={(event) => put({ wrong: event.target.checked ? 'true' : undefined })}
        >
          {t('st.accuracy.onlywrong')}
        </Checkbox>
        {chosen && (
          <Chip tone="blue">{t('st.accuracy.within', { name: name ?? chosen })}</Chip>
        )}
        {Object.keys(search).length > 0 && (
          <Button onClick={() => void navigate({ search: {} })}>{t('action.reset')}</Button>
        )}
      </section>
      <Loaded query={months}>
        {(told) => (
          <>
            <div className="heng-grid heng-cols-4" style={{ marginBottom: 12 }}>
              <Card
                name={t('nav.accuracy')}
                value={shareText(told.right, told.submitted)}
                about={t('st.accuracy.card')}
              />
              <Card name={t('st.accuracy.submitted')} value={formatCount(told.submitted)} />
              <Card name={t('st.accuracy.right')} value={formatCount(told.right)} />
              <Card
                name={t('st.accuracy.wrong')}
                value={formatCount(told.submitted - told.right)}
              />
            </div>
            <section className="heng-panel heng-panel-pad" style={{ marginBottom: 12 }}>
              <h2 style={{ fontSize: 15, margin: '0 0 8px' }}>{t('st.accuracy.months')}</h2>
              {told.groups.length === 0 ? (
                <Nothing text={t('st.accuracy.none')} />
              ) : (
                <Bars bars={told.groups.map((group) => ({ ...group, name: group.name ?? '' }))} />
              )}
            </section>
          </>
        )}
      </Loaded>
      {!chosen && (
        <div style={{ marginBottom: 12 }}>
          <DataTable
            name="accuracy"
            columns={columns}
            rows={groups.data?.groups}
            rowKey={(row) => row.id ?? row.name ?? ''}
            loading={groups.isFetching}
            error={groups.error}
            left={
              <Segmented<Way>
                aria-label={t('st.by')}
                value={way}
                onChange={(by) => put({ by })}
                options={WAYS.map((value) => ({ value, label: t(`st.by.${value}`) }))}
              />
            }
            empty={<Nothing text={t('st.accuracy.none')} />}
          />
        </div>
      )}
      <h2 style={{ fontSize: 15, margin: '4px 0 8px' }}>{t('st.accuracy.firsts')}</h2>
      <Firsts rows={groups.data?.firsts} loading={groups.isFetching} />
    </>
  );
}
