/** 数据体检: every open inconsistency of the firm, the gravest first, each with its place. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Checkbox, Select } from 'antd';
import type { OpenOutcome, RuleOutcome } from '@/api/statementShapes';
import { formatCount } from '@/format/text';
import { formatDay } from '@/format/time';
import { inLang, useLang, useT } from '@/i18n/lang';
import { useWalk } from '@/ui/cursor';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { PageHeader } from '@/ui/PageHeader';
import { PersonSelect } from '@/ui/PersonSelect';
import { Nothing } from '@/ui/problems';
import { Chip, SeverityMark } from '@/ui/tags';
import { ClientSelect } from './ClientSelect';
import { kindName, StateTag } from './parts';
import { useOutcomes, useRules } from './queries';

const SEVERITIES = ['error', 'warning', 'hint'] as const;
const STATES: RuleOutcome[] = ['broken', 'excepted', 'uncheckable'];

function useColumns(): Column<OpenOutcome>[] {
  const { lang, t } = useLang();
  return [
    {
      key: 'client',
      title: t('st.client'),
      width: 220,
      fixed: true,
      render: (row) => (
        <Link
          to="/clients/$id"
          params={{ id: row.client.id }}
          search={{ tab: 'financial' }}
          title={row.client.name}
        >
          {row.client.name}
        </Link>
      ),
    },
    {
      key: 'severity',
      title: t('st.severity'),
      width: 90,
      phone: true,
      render: (row) => <SeverityMark severity={row.severity} />,
    },
    {
      key: 'rule',
      title: t('st.rule'),
      width: 300,
      phone: true,
      render: (row) => (
        <Link to="/statements/rules" search={{ q: row.rule }} title={inLang(lang, row)}>
          <span className="heng-code">{row.rule}</span> {inLang(lang, row)}
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
    {
      key: 'state',
      title: t('st.outcome'),
      width: 96,
      render: (row) => <Chip>{t(`st.outcome.${row.state}`)}</Chip>,
    },
    {
      key: 'set_state',
      title: t('st.state'),
      width: 90,
      phone: true,
      render: (row) => <StateTag state={row.set_state} />,
    },
    {
      key: 'since',
      title: t('st.since'),
      width: 110,
      phone: true,
      render: (row) => <span className="heng-num">{formatDay(row.since)}</span>,
    },
  ];
}

type Search = ReturnType<typeof useOutcomeSearch>;

function useOutcomeSearch() {
  return useSearch({ from: '/in/statements/outcomes' });
}

interface FilterProps {
  search: Search;
  put: (next: { [K in keyof Search]?: string | undefined }) => void;
}

function Filters({ search, put }: FilterProps) {
  const { lang, t } = useLang();
  const rules = useRules();
  const mine = search.lead === 'me';
  return (
    <section className="heng-panel st-filters" style={{ padding: 12, marginBottom: 12 }}>
      <Select<RuleOutcome>
        aria-label={t('st.outcome')}
        value={(STATES.find((state) => state === search.state) ?? 'broken')}
        onChange={(state) => put({ state: state === 'broken' ? undefined : state })}
        options={STATES.map((value) => ({ value, label: t(`st.outcome.${value}`) }))}
      />
      <Select<string>
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('st.rule')}
        placeholder={t('st.rule')}
        value={search.rule ?? null}
        onChange={(rule: string | undefined) => put({ rule })}
        options={(rules.data?.items ?? []).map((rule) => ({
          value: rule.id,
          label: `${rule.id} ${inLang(lang, rule)}`,
        }))}
      />
      <ClientSelect
        value={search.client}
        name={search.name}
        onChange={(client) => put({ client: client?.id, name: client?.name })}
      />
      <PersonSelect
        value={mine ? undefined : search.lead}
        placeholder={t('st.lead')}
        onChange={(lead) => put({ lead })}
      />
      <Checkbox
        checked={mine}
        onChange={(event) => put({ lead: event.target.checked ? 'me' : undefined })}
      >
        {t('st.lead.me')}
      </Checkbox>
    </section>
  );
}

export function OutcomesPage() {
  const t = useT();
  const search = useOutcomeSearch();
  const navigate = useNavigate({ from: '/statements/outcomes' });
  const { name: _name, ...query } = search;
  const page = useOutcomes(query);
  const columns = useColumns();
  const put = (next: { [K in keyof Search]?: string | undefined }, keep = false) =>
    void navigate({
      search: (now) => ({ ...now, ...(keep ? {} : { cursor: undefined }), ...next }),
    });
  const walk = useWalk(search.cursor, (cursor) => put({ cursor }, true));
  const next = page.data?.next;
  const filtered = Object.keys(query).length > 0;
  return (
    <>
      <PageHeader title={t('nav.outcomes')} about={t('st.outcomes.about')} />
      <div className="heng-grid st-counts" style={{ marginBottom: 12 }}>
        {SEVERITIES.map((severity) => {
          const on = search.severity === severity;
          return (
            <button
              key={severity}
              type="button"
              className="heng-panel st-count"
              aria-pressed={on}
              onClick={() => put({ severity: on ? undefined : severity })}
            >
              <SeverityMark severity={severity} />
              <strong className="heng-num">
                {page.data ? formatCount(page.data.counts[severity] ?? 0) : '–'}
              </strong>
            </button>
          );
        })}
      </div>
      <Filters search={search} put={put} />
      <DataTable
        name="outcomes"
        columns={columns}
        rows={page.data?.items}
        rowKey={(row) => `${row.client.id} ${row.kind} ${row.period} ${row.rule}`}
        loading={page.isFetching}
        error={page.error}
        refresh={() => void page.refetch()}
        empty={
          <Nothing text={t(filtered ? 'table.empty' : 'st.outcomes.none')}>
            {filtered && (
              <Button onClick={() => void navigate({ search: {} })}>{t('action.reset')}</Button>
            )}
          </Nothing>
        }
        footer={
          <>
            <span className="heng-grow" />
            {!walk.first && (
              <Button size="small" type="text" onClick={walk.toFirst}>{t('pager.first')}</Button>
            )}
            <Button size="small" disabled={walk.first} onClick={walk.toPrevious}>
              {t('pager.previous')}
            </Button>
            <Button size="small" disabled={!next} onClick={() => next && walk.toNext(next)}>
              {t('pager.next')}
            </Button>
          </>
        }
      />
    </>
  );
}
