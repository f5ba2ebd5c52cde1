/** 财务信息 of a client: which statements and returns there are, and how they stand. */
import { CloudUploadOutlined, EditOutlined, SafetyOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Modal, Table, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { SetList, SetRow } from '@/api/statementShapes';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNarrow } from '@/ui/narrow';
import { Loaded, Nothing } from '@/ui/problems';
import {
  CoreAway, CountsShown, isCoreAway, kindName, KINDS, lastPeriod, PeriodPicker, StateTag, useReason,
} from './parts';
import { useSets } from './queries';

interface Period {
  period: string;
  sets: Map<string, SetRow>;
}

/** The sets by period, in the order of the server: the newest first. */
export function byPeriod(rows: SetRow[]): Period[] {
  const periods = new Map<string, Period>();
  for (const row of rows) {
    const period = periods.get(row.period) ?? { period: row.period, sets: new Map() };
    period.sets.set(row.kind, row);
    periods.set(row.period, period);
  }
  return [...periods.values()];
}

function SetCell({ client, row }: { client: string; row: SetRow | undefined }) {
  const t = useT();
  if (!row) return <span className="heng-quiet" aria-label={t('st.none')}>–</span>;
  const who = row.submitted ?? row.prepared;
  return (
    <Tooltip title={`${who.name} ${formatInstant(who.at)}`}>
      <Link
        to="/clients/$id/statements/$kind/$period"
        params={{ id: client, kind: row.kind, period: row.period }}
        style={{ display: 'grid', gap: 4, color: 'inherit' }}
        aria-label={`${kindName(t, row.kind)} ${row.period}`}
      >
        <span><StateTag state={row.state} /></span>
        <CountsShown counts={row.counts} />
      </Link>
    </Tooltip>
  );
}

function Actions({ client, list }: { client: string; list: SetList }) {
  const t = useT();
  const navigate = useNavigate();
  const reason = useReason();
  const may = list.may['import'];
  const [period, setPeriod] = useState<string | null>(null);
  return (
    <>
      <ActionButton
        icon={<EditOutlined />}
        allowed={may?.allowed}
        reason={reason(may)}
        onClick={() => setPeriod(lastPeriod(dayjs()))}
      >
        {t('st.type')}
      </ActionButton>
      <ActionButton
        type="primary"
        icon={<CloudUploadOutlined />}
        allowed={may?.allowed}
        reason={reason(may)}
        onClick={() =>
          void navigate({ to: '/clients/$id/statements/import', params: { id: client } })
        }
      >
        {t('st.import')}
      </ActionButton>
      <Modal
        open={period !== null}
        title={t('st.type')}
        okText={t('st.type.go')}
        cancelText={t('action.cancel')}
        onCancel={() => setPeriod(null)}
        onOk={() =>
          period &&
          void navigate({
            to: '/clients/$id/statements/$kind/$period/edit',
            params: { id: client, kind: 'FS', period },
          })
        }
        width={420}
      >
        <div style={{ marginBottom: 8 }}>{t('st.period')}</div>
        {period && <PeriodPicker label={t('st.period')} value={period} onChange={setPeriod} />}
      </Modal>
    </>
  );
}

function Grid({ client, periods }: { client: string; periods: Period[] }) {
  const t = useT();
  const narrow = useNarrow();
  const kinds = KINDS.filter((kind) => periods.some((period) => period.sets.has(kind)));
  if (narrow) {
    return (
      <div className="heng-card-list">
        {periods.map((period) => (
          <article key={period.period} className="heng-card">
            <strong className="heng-num">{period.period}</strong>
            <dl>
              {kinds
                .filter((kind) => period.sets.has(kind))
                .map((kind) => (
                  <div key={kind} style={{ display: 'contents' }}>
                    <dt>{kindName(t, kind)}</dt>
                    <dd><SetCell client={client} row={period.sets.get(kind)} /></dd>
                  </div>
                ))}
            </dl>
          </article>
        ))}
      </div>
    );
  }
  return (
    <Table<Period>
      size="middle"
      pagination={periods.length > 24 ? { pageSize: 24 } : false}
      rowKey={(row) => row.period}
      dataSource={periods}
      scroll={{ x: 140 + kinds.length * 150 }}
      columns={[
        {
          key: 'period',
          title: t('st.period'),
          width: 110,
          fixed: 'start' as const,
          render: (_: unknown, row: Period) => <strong className="heng-num">{row.period}</strong>,
        },
        ...kinds.map((kind) => ({
          key: kind,
          title: kindName(t, kind),
          width: 150,
          render: (_: unknown, row: Period): ReactNode => (
            <SetCell client={client} row={row.sets.get(kind)} />
          ),
        })),
      ]}
    />
  );
}

export function FinancialTab({ client, name }: { client: string; name?: string }) {
  const t = useT();
  const sets = useSets(client);
  if (sets.data === undefined && isCoreAway(sets.error)) {
    return <CoreAway error={sets.error} retry={() => void sets.refetch()} />;
  }
  return (
    <section className="heng-panel">
      <Loaded query={sets} rows={5}>
        {(list) => (
          <>
            <div className="heng-toolbar" style={{ padding: 12 }}>
              <span className="heng-grow heng-quiet">
                <SafetyOutlined /> {t('st.core.about')}
              </span>
              {list.items.length > 0 && (
                <Link to="/statements/outcomes" search={{ client, ...(name ? { name } : {}) }}>
                  {t('st.outcomes.client')}
                </Link>
              )}
              {list.items.some((set) => set.kind === 'FS') && (
                <Link to="/clients/$id/analysis" params={{ id: client }}>
                  {t('an.short')}
                </Link>
              )}
              <Actions client={client} list={list} />
            </div>
            {list.items.length === 0 ? (
              <Nothing text={t('st.empty')} />
            ) : (
              <Grid client={client} periods={byPeriod(list.items)} />
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
