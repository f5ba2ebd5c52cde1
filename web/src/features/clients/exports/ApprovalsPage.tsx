/** 导出审批: requests for unmasked exports, decided by a second person. */
import { DownloadOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { App, Breadcrumb, Button, Dropdown, Segmented, Space } from 'antd';
import { useState } from 'react';
import { useExportRequests, useMayExports } from '@/access/exports';
import { RIGHTS } from '@/access/rights';
import type { ExportRequest, ExportState } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { formatInstant } from '@/format/time';
import { isWord, useT, wordOr } from '@/i18n/lang';
import type { Translate } from '@/i18n/lang';
import type { WordKey } from '@/i18n/zh';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Forbidden, Nothing } from '@/ui/problems';
import { Chip } from '@/ui/tags';
import type { Tone } from '@/ui/theme';
import { useDecideExport, useTakeExport } from './queries';

const STATE_TONES: Record<ExportState, Tone> = {
  pending: 'amber',
  approved: 'green',
  refused: 'red',
  taken: 'grey',
  expired: 'grey',
};

/** The words by which filters are known; people and departments are named by kind alone. */
const NAMED = {
  stage: 'client.stage',
  tag: 'client.tags',
  lead: 'client.lead',
  department: 'client.department',
  taxpayer_kind: 'client.taxpayer',
  size: 'client.size',
  findings: 'filter.findings',
  completeness_max: 'filter.completeness_max',
} as const;

/** Which clients a request is for, in words. */
function scopeText(request: ExportRequest, t: Translate): string {
  const ids = request.order.ids ?? [];
  if (ids.length > 0) return t('approval.what.ids', { count: ids.length });
  const filters = request.order.filters ?? {};
  const said: string[] = [];
  if (filters['q']) said.push(t('word.quoted', { text: String(filters['q']) }));
  const view = `view.${filters['view']}`;
  if (filters['view'] && filters['view'] !== 'all' && isWord(view)) said.push(t(view));
  for (const [key, word] of Object.entries(NAMED) as [string, WordKey][]) {
    const value = filters[key];
    if (value === undefined || value === null || value === '' || value === false) continue;
    const told = key === 'stage' || key === 'size' || key === 'tag';
    const values = String(value)
      .split(',')
      .map((one) => wordOr(t, key, one));
    said.push(told ? `${t(word)} ${values.join(t('list.comma'))}` : t(word));
  }
  return said.length > 0 ? said.join(' · ') : t('approval.what.all');
}

function columnsOf(t: Translate): Column<ExportRequest>[] {
  const by = (row: ExportRequest) => (row.own ? t('approval.own', { name: row.by }) : row.by);
  return [
    { key: 'by', title: t('approval.by'), width: 150, fixed: true, render: by },
    {
      key: 'at',
      title: t('approval.at'),
      width: 150,
      phone: true,
      render: (row) => <span className="heng-num">{formatInstant(row.at)}</span>,
    },
    {
      key: 'clients',
      title: t('approval.clients'),
      width: 80,
      align: 'end',
      phone: true,
      render: (row) => <span className="heng-num">{formatCount(row.clients)}</span>,
    },
    {
      key: 'what',
      title: t('approval.what'),
      width: 190,
      phone: true,
      render: (row) => <span title={scopeText(row, t)}>{scopeText(row, t)}</span>,
    },
    {
      key: 'purpose',
      title: t('record.purpose'),
      width: 120,
      phone: true,
      render: (row) => row.purpose,
    },
    {
      key: 'state',
      title: t('approval.state'),
      width: 136,
      phone: true,
      render: (row) => (
        <Chip tone={STATE_TONES[row.state]}>{t(`approval.state.${row.state}`)}</Chip>
      ),
    },
    {
      key: 'decided',
      title: t('approval.decided'),
      width: 120,
      phone: true,
      render: (row) => row.decided_by ?? '–',
    },
    {
      key: 'decided_at',
      title: t('approval.decided.at'),
      width: 150,
      hiddenAtFirst: true,
      render: (row) =>
        row.decided_at ? <span className="heng-num">{formatInstant(row.decided_at)}</span> : '–',
    },
  ];
}

function RowActions({ row }: { row: ExportRequest }) {
  const t = useT();
  const notify = useNotify();
  const { modal } = App.useApp();
  const decide = useDecideExport();
  const take = useTakeExport();
  const ask = (approve: boolean) => {
    const word = approve ? 'approve' : 'refuse';
    modal.confirm({
      title: t(`approval.${word}.title`, { name: row.by, count: formatCount(row.clients) }),
      content: t(`approval.${word}.about`, { purpose: row.purpose }),
      okText: t(`approval.${word}`),
      okButtonProps: { danger: !approve },
      onOk: () =>
        decide.mutateAsync({ id: row.id, approve }).then(() => {
          notify.good(t(approve ? 'approval.approved' : 'approval.refused'));
        }, notify.bad),
    });
  };
  if (row.may_decide) {
    return (
      <Space size={8}>
        <Button size="small" type="primary" onClick={() => ask(true)}>
          {t('approval.approve')}
        </Button>
        <Button size="small" danger onClick={() => ask(false)}>{t('approval.refuse')}</Button>
      </Space>
    );
  }
  if (row.may_take) {
    return (
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'xlsx', label: 'Excel (.xlsx)' },
            { key: 'csv', label: 'CSV (UTF-8)' },
          ],
          onClick: ({ key }) =>
            take.mutate(
              { id: row.id, format: key === 'csv' ? 'csv' : 'xlsx' },
              { onSuccess: () => notify.good(t('export.done')), onError: notify.bad },
            ),
        }}
      >
        <Button size="small" type="primary" icon={<DownloadOutlined />} loading={take.isPending}>
          {t('action.download')}
        </Button>
      </Dropdown>
    );
  }
  if (row.state !== 'pending') return null;
  return <span className="heng-quiet">{t('approval.waits')}</span>;
}

export function ApprovalsPage() {
  const t = useT();
  const may = useMayExports();
  const requests = useExportRequests();
  const [all, setAll] = useState(false);
  if (!may) return <Forbidden right={RIGHTS.approveExport} />;
  const open = (one: ExportRequest) => one.state === 'pending' || one.may_take;
  const rows = all ? requests.data : requests.data?.filter(open);
  return (
    <>
      <Breadcrumb
        style={{ marginBottom: 8 }}
        items={[
          { title: <Link to="/clients">{t('nav.clients')}</Link> },
          { title: t('approval.title') },
        ]}
      />
      <PageHeader title={t('approval.title')} about={t('approval.about')} />
      <DataTable
        name="exports"
        columns={columnsOf(t)}
        rows={rows}
        rowKey={(row) => row.id}
        loading={requests.isFetching}
        error={requests.error}
        refresh={() => void requests.refetch()}
        empty={<Nothing text={t(all ? 'approval.none' : 'approval.none.open')} />}
        left={
          <Segmented
            value={all ? 'all' : 'open'}
            onChange={(value) => setAll(value === 'all')}
            options={(['open', 'all'] as const).map((value) => ({
              value,
              label: t(`approval.${value}`),
            }))}
          />
        }
        actionsWidth={150}
        actions={(row) => <RowActions row={row} />}
      />
    </>
  );
}
