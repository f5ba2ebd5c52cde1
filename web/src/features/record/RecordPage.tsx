/** 审计日志: who did what, and the proof that nothing was taken away. */
import { DownloadOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, DatePicker, Descriptions, Input, Modal, Select, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { listRecord, proveRecord, verifyRecord } from '@/api/record';
import type { RecordRow, Verification } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { formatInstant } from '@/format/time';
import { useLang, useT, wordOr } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { CopyText } from '@/ui/CopyText';
import { useWalk } from '@/ui/cursor';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { onEnter } from '@/ui/ime';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Pager } from '@/ui/Pager';
import { PersonSelect } from '@/ui/PersonSelect';
import { ProblemAlert } from '@/ui/problems';
import { Chip, OutcomeBadge, ShortTags } from '@/ui/tags';
import { RecordExport } from './RecordExport';

const ACTIONS = [
  'client.list', 'client.view', 'client.view_confidential', 'client.create', 'client.update',
  'client.assign', 'client.advance', 'client.tag', 'client.recycle', 'client.restore',
  'client.reveal', 'client.reveal_confidential', 'client.verify_identity', 'client.export',
  'client.merge', 'client.request_export', 'client.approve_export', 'client.export_unmasked',
  'import.run', 'import.undo', 'user.create', 'user.update', 'user.disable', 'user.reset',
  'role.grant', 'session.open', 'setting.update', 'key.rotate', 'record.list', 'record.verify',
  'record.export',
] as const;

function VerifyResult({ result }: { result: Verification }) {
  const { lang, t } = useLang();
  const wrong = !result.ok;
  const first =
    lang === 'en' && result.wrong
      ? `#${result.wrong.number} ${result.wrong.en}`
      : result.first_wrong !== null && String(result.first_wrong);
  const checkpoint =
    typeof result.checkpoint === 'string'
      ? result.checkpoint
      : result.checkpoint && JSON.stringify(result.checkpoint, null, 1);
  return (
    <>
      <Alert
        showIcon
        type={wrong ? 'error' : 'success'}
        title={wrong ? t('record.wrong') : t('record.right')}
        style={{ marginBottom: 16 }}
      />
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          { key: 'n', label: t('record.entries'), children: formatCount(result.entries) },
          { key: 'u', label: t('record.unsealed'), children: formatCount(result.unsealed) },
          ...(result.checkpoints === undefined
            ? []
            : [{ key: 'c', label: t('record.checkpoints'), children: result.checkpoints }]),
          ...(first ? [{ key: 'w', label: t('record.first'), children: first }] : []),
        ]}
      />
      {checkpoint && <pre className="heng-policy heng-code">{checkpoint}</pre>}
      <p className="heng-quiet">{t('record.verify.about')}</p>
    </>
  );
}

function useColumns(): Column<RecordRow>[] {
  const t = useT();
  return [
    {
      key: 'at',
      title: t('record.at'),
      width: 164,
      fixed: true,
      render: (row) => <span className="heng-num">{formatInstant(row.at, true)}</span>,
    },
    {
      key: 'actor',
      title: t('record.actor'),
      width: 112,
      phone: true,
      render: (row) => row.actor_name,
    },
    {
      key: 'action',
      title: t('record.action'),
      width: 136,
      phone: true,
      render: (row) => <span title={row.action}>{wordOr(t, 'act', row.action)}</span>,
    },
    {
      key: 'outcome',
      title: t('record.outcome'),
      width: 88,
      phone: true,
      render: (row) => (
        <span title={row.refusal ?? undefined}><OutcomeBadge outcome={row.outcome} /></span>
      ),
    },
    {
      key: 'clients',
      title: t('record.clients'),
      width: 74,
      align: 'end',
      render: (row) => <span className="heng-num">{formatCount(row.clients_count)}</span>,
    },
    {
      key: 'classes',
      title: t('record.classes'),
      width: 172,
      render: (row) => (
        <ShortTags most={2} tags={row.classes.map((item) => wordOr(t, 'class', item))} />
      ),
    },
    {
      key: 'purpose',
      title: t('record.purpose'),
      width: 112,
      phone: true,
      render: (row) => (row.purpose ? wordOr(t, 'purpose', row.purpose) : '–'),
    },
    {
      key: 'origin',
      title: t('record.origin'),
      width: 104,
      render: (row) => (
        <span title={row.origin ?? undefined}>{row.origin?.split(' ')[0] ?? '–'}</span>
      ),
    },
    {
      key: 'sealed',
      title: t('record.sealed'),
      width: 80,
      render: (row) =>
        row.sealed ? (
          <Chip tone="green">{t('record.sealed.yes')}</Chip>
        ) : (
          <Tooltip title={t('record.sealed.soon')}>
            <span><Chip>{t('record.sealed.no')}</Chip></span>
          </Tooltip>
        ),
    },
    {
      key: 'request',
      title: t('problem.request'),
      width: 180,
      hiddenAtFirst: true,
      render: (row) => (row.request ? <CopyText text={row.request} code /> : '–'),
    },
  ];
}

/** The proof that an entry is in the record, once the entry is sealed. */
function ProofButton({ row }: { row: RecordRow }) {
  const t = useT();
  const notify = useNotify();
  const take = useMutation({ mutationFn: () => proveRecord(row.id) });
  const button = (
    <Button
      type="link"
      size="small"
      style={{ paddingInline: 2 }}
      disabled={!row.sealed}
      loading={take.isPending}
      aria-label={t('record.proof.take')}
      onClick={() =>
        take.mutate(undefined, {
          onSuccess: () => notify.good(t('record.proof.done')),
          onError: notify.bad,
        })
      }
    >
      {t('record.proof')}
    </Button>
  );
  return (
    <Tooltip title={t(row.sealed ? 'record.proof.take' : 'record.sealed.soon')}>
      <span>{button}</span>
    </Tooltip>
  );
}

export function RecordPage() {
  const t = useT();
  const can = useCan();
  const narrow = useNarrow();
  const notify = useNotify();
  const search = useSearch({ from: '/in/record' });
  const navigate = useNavigate({ from: '/record' });
  const [client, setClient] = useState(search.client ?? '');
  const [exporting, setExporting] = useState(false);
  const limit = Number(search.limit ?? 50) || 50;
  const query = { ...search, limit };
  const record = useQuery({
    queryKey: ['record', query],
    queryFn: ({ signal }) => listRecord(query, signal),
    placeholderData: keepPreviousData,
  });
  const verify = useMutation({ mutationFn: verifyRecord });
  const columns = useColumns();
  const put = (next: { [K in keyof typeof search]?: string | undefined }, keep = false) =>
    void navigate({
      search: (now) => ({ ...now, ...(keep ? {} : { cursor: undefined }), ...next }),
    });
  const walk = useWalk(search.cursor, (cursor) => put({ cursor }, true));
  const day = (text: string | undefined) => (text ? dayjs(text) : null);
  return (
    <>
      <PageHeader
        title={t('nav.record')}
        about={t('record.about')}
        actions={
          <>
            <ActionButton
              icon={<DownloadOutlined />}
              allowed={can(RIGHTS.exportRecord)}
              reason={t('page.403.missing') + RIGHTS.exportRecord}
              onClick={() => setExporting(true)}
            >
              {t('client.export')}
            </ActionButton>
            <ActionButton
              type="primary"
              icon={<SafetyCertificateOutlined />}
              loading={verify.isPending}
              allowed={can(RIGHTS.verifyRecord)}
              reason={t('page.403.missing') + RIGHTS.verifyRecord}
              onClick={() => verify.mutate(undefined, { onError: notify.bad })}
            >
              {t('record.verify')}
            </ActionButton>
          </>
        }
      />
      <section className="heng-panel" style={{ padding: 12, marginBottom: 12 }}>
        <div
          style={{
            display: 'grid',
            gap: '10px 12px',
            gridTemplateColumns: narrow ? '1fr' : 'repeat(4, minmax(0, 1fr)) 250px auto',
          }}
        >
          <PersonSelect
            value={search.actor}
            placeholder={t('record.actor')}
            onChange={(actor) => put({ actor })}
          />
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('record.action')}
            aria-label={t('record.action')}
            value={search.action}
            onChange={(action: string | undefined) => put({ action })}
            options={ACTIONS.map((value) => ({ value, label: wordOr(t, 'act', value) }))}
          />
          <Select
            allowClear
            placeholder={t('record.outcome')}
            aria-label={t('record.outcome')}
            value={search.outcome}
            onChange={(outcome: string | undefined) => put({ outcome })}
            options={(['done', 'shown', 'denied'] as const).map((value) => ({
              value,
              label: t(`outcome.${value}`),
            }))}
          />
          <Input
            allowClear
            placeholder={t('record.client')}
            aria-label={t('record.client')}
            value={client}
            onChange={(event) => {
              setClient(event.target.value);
              if (event.target.value === '') put({ client: undefined });
            }}
            onKeyDown={onEnter(() => put({ client: client.trim() || undefined }))}
            onBlur={() => put({ client: client.trim() || undefined })}
          />
          <DatePicker.RangePicker
            allowEmpty={[true, true]}
            value={[day(search.from), day(search.to)]}
            onChange={(range) =>
              put({
                from: range?.[0]?.format('YYYY-MM-DD'),
                to: range?.[1]?.format('YYYY-MM-DD'),
              })
            }
          />
          <div>
            <Button
              onClick={() => {
                setClient('');
                void navigate({ search: {} });
              }}
            >
              {t('action.reset')}
            </Button>
          </div>
        </div>
      </section>
      <DataTable
        name="record"
        columns={columns}
        rows={record.data?.items}
        rowKey={(row) => row.id}
        loading={record.isFetching}
        error={record.error}
        refresh={() => void record.refetch()}
        {...(can(RIGHTS.proveRecord)
          ? { actionsWidth: 64, actions: (row: RecordRow) => <ProofButton row={row} /> }
          : {})}
        footer={
          <Pager
            total={record.data?.total}
            limit={limit}
            setLimit={(next) => put({ limit: String(next) })}
            first={walk.first}
            next={record.data?.next}
            onFirst={walk.toFirst}
            onPrevious={walk.toPrevious}
            onNext={walk.toNext}
          />
        }
      />
      <RecordExport open={exporting} close={() => setExporting(false)} search={search} />
      <Modal
        open={Boolean(verify.data)}
        title={t('record.verify')}
        onCancel={() => verify.reset()}
        footer={<Button onClick={() => verify.reset()}>{t('action.close')}</Button>}
        width={560}
      >
        {verify.data && <VerifyResult result={verify.data} />}
        <ProblemAlert error={verify.error} />
      </Modal>
    </>
  );
}
