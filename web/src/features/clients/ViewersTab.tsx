/** 访问记录: who opened what of this client, when and for what. */
import { Tag } from 'antd';
import type { ViewerRow } from '@/api/shapes';
import { formatInstant } from '@/format/time';
import { useT, wordOr } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { Nothing } from '@/ui/problems';
import { OutcomeBadge, ShortTags } from '@/ui/tags';
import { useViewers } from './queries';

/** When; the lists of one day stand together and unfold. */
function Times({ row }: { row: ViewerRow }) {
  const t = useT();
  const newest = <span className="heng-num">{formatInstant(row.at, true)}</span>;
  const times = row.times ?? [];
  if (times.length < 2) return newest;
  return (
    <details>
      <summary>
        {newest} <Tag>{t('client.record.times', { count: times.length })}</Tag>
      </summary>
      <div style={{ maxHeight: 200, overflow: 'auto' }}>
        {times.map((time, index) => (
          <div key={index} className="heng-num heng-quiet">{formatInstant(time, true)}</div>
        ))}
      </div>
    </details>
  );
}

export function ViewersTab({ id }: { id: string }) {
  const t = useT();
  const viewers = useViewers(id);
  const columns: Column<ViewerRow>[] = [
    {
      key: 'at',
      title: t('record.at'),
      width: 250,
      phone: true,
      render: (row) => <Times row={row} />,
    },
    { key: 'who', title: t('record.actor'), width: 120, phone: true, render: (r) => r.actor_name },
    {
      key: 'action',
      title: t('record.action'),
      width: 150,
      phone: true,
      render: (row) => wordOr(t, 'act', row.action),
    },
    {
      key: 'outcome',
      title: t('record.outcome'),
      width: 96,
      phone: true,
      render: (row) => <OutcomeBadge outcome={row.outcome} />,
    },
    {
      key: 'classes',
      title: t('record.classes'),
      width: 260,
      render: (row) => (
        <ShortTags most={2} tags={row.classes.map((item) => wordOr(t, 'class', item))} />
      ),
    },
    {
      key: 'purpose',
      title: t('record.purpose'),
      width: 160,
      phone: true,
      render: (row) => (row.purpose ? wordOr(t, 'purpose', row.purpose) : '–'),
    },
  ];
  return (
    <DataTable
      name="viewers"
      columns={columns}
      rows={viewers.data}
      rowKey={(row) => row.id ?? `${row.at}${row.actor_name}${row.action}`}
      loading={viewers.isFetching}
      error={viewers.error}
      refresh={() => void viewers.refetch()}
      left={<span className="heng-quiet">{t('client.record.about')}</span>}
      empty={<Nothing text={t('client.record.none')} />}
    />
  );
}
