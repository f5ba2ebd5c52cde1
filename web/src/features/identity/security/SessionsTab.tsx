/** Where I am signed in. */
import { App, Button, Segmented } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { SessionRow } from '@/api/shapes';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { Chip } from '@/ui/tags';
import { useNotify } from '@/ui/notify';
import { useEndSession, useSessions } from '../queries';

/** The browser and system of a user agent, roughly. */
export function agentName(agent: string): string {
  const browser =
    /(Edg|OPR|Firefox|MicroMessenger|Chrome|Safari)\/?([\d]+)?/.exec(
      agent.replace(/Chrome\/[\d.]+ Safari\/[\d.]+ Edg/, 'Edg'),
    ) ?? [];
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent)?.[1] ?? '';
  const name = browser[1] === 'Edg' ? 'Edge' : browser[1];
  return name ? [`${name} ${browser[2] ?? ''}`.trim(), system].filter(Boolean).join(' · ') : agent;
}

export function SessionsTab() {
  const t = useT();
  const notify = useNotify();
  const { modal } = App.useApp();
  const can = useCan();
  const [all, setAll] = useState(false);
  const sessions = useSessions(all);
  const end = useEndSession();
  const time = (pick: (row: SessionRow) => SessionRow['started_at']) => (row: SessionRow) => (
    <span className="heng-num">{formatInstant(pick(row))}</span>
  );
  const columns: Column<SessionRow>[] = [
    {
      key: 'agent',
      title: t('session.device'),
      width: 260,
      fixed: true,
      render: (row) => (
        <span title={row.agent}>
          {agentName(row.agent)} {row.current && <Chip tone="green">{t('session.this')}</Chip>}
        </span>
      ),
    },
    ...(all
      ? [
          {
            key: 'user',
            title: t('session.user'),
            width: 110,
            phone: true,
            render: (row: SessionRow) => row.user?.name ?? '–',
          },
        ]
      : []),
    {
      key: 'address',
      title: t('session.address'),
      width: 150,
      phone: true,
      render: (row) => row.address,
    },
    { key: 'start', title: t('session.start'), width: 150, render: time((row) => row.started_at) },
    {
      key: 'seen',
      title: t('session.seen'),
      width: 150,
      phone: true,
      render: time((row) => row.last_seen_at),
    },
    { key: 'end', title: t('session.end'), width: 150, render: time((row) => row.expires_at) },
  ];
  const confirm = (row: SessionRow) =>
    modal.confirm({
      title: t('session.stop.title', { device: agentName(row.agent) }),
      content: t('session.stop.about'),
      okText: t('session.stop'),
      okButtonProps: { danger: true },
      onOk: () => end.mutateAsync(row.id).then(() => undefined, notify.bad),
    });
  return (
    <DataTable
      name="sessions"
      columns={columns}
      rows={sessions.data?.items}
      rowKey={(row) => row.id}
      loading={sessions.isFetching}
      error={sessions.error}
      refresh={() => void sessions.refetch()}
      left={
        <>
          {can(RIGHTS.listSessions) && (
            <Segmented
              value={all ? 'all' : 'mine'}
              onChange={(next) => setAll(next === 'all')}
              options={(['mine', 'all'] as const).map((value) => ({
                value,
                label: t(`session.${value}`),
              }))}
            />
          )}
          <span className="heng-quiet">{t('session.about')}</span>
        </>
      }
      actionsWidth={90}
      actions={(row) =>
        row.current ? null : (
          <Button
            type="link"
            size="small"
            danger
            style={{ paddingInline: 2 }}
            onClick={() => confirm(row)}
          >
            {t('session.stop')}
          </Button>
        )
      }
    />
  );
}
