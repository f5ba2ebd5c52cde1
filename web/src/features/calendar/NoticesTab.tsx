/** Taking in a notice: the file, what it moves, then the confirmation. */
import { UploadOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Input, InputNumber, Segmented, Table, Upload } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { importNotice, previewNotice, readYear } from '@/api/calendar';
import type { Notice, NoticePreview } from '@/api/calendar';
import { formatInstant } from '@/format/time';
import { inLang, useLang, useT, wordOr } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { BasisChip } from './DueDay';

function Effects({ seen }: { seen: NoticePreview }) {
  const { lang, t } = useLang();
  const moved = seen.moved.reduce((sum, move) => sum + move.duties, 0);
  if (seen.faults.length > 0) {
    return (
      <Alert
        type="error"
        showIcon
        title={t('calendar.notice.faults', { count: seen.faults.length })}
        description={
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {seen.faults.slice(0, 50).map((fault) => {
              const text = inLang(lang, fault);
              return (
                <li key={`${fault.row} ${fault.zh}`}>
                  {fault.row > 0 ? t('calendar.notice.row', { row: fault.row, text }) : text}
                </li>
              );
            })}
          </ul>
        }
      />
    );
  }
  const none = seen.months.length === 0 && seen.moved.length === 0;
  return (
    <>
      <p>
        {t('calendar.notice.read', { count: seen.entries })} ·{' '}
        {none ? t('calendar.notice.unmoved') : t('calendar.notice.moved', { count: moved })}
        {seen.confirmed > 0 && ` · ${t('calendar.notice.confirmed', { count: seen.confirmed })}`}
      </p>
      {seen.months.length > 0 && (
        <Table
          size="small"
          pagination={false}
          scroll={{ x: 'max-content' }}
          title={() => t('calendar.notice.months')}
          rowKey={(row) => `${row.year}-${row.month}-${row.region}`}
          dataSource={seen.months}
          columns={[
            { title: t('calendar.month', { month: '' }), render: (_, row) => row.month },
            { title: t('calendar.notice.region'), dataIndex: 'region' },
            { title: t('calendar.notice.from'), dataIndex: 'from' },
            { title: t('calendar.notice.to'), dataIndex: 'to' },
            { title: '', render: (_, row) => <BasisChip basis={row.basis} /> },
          ]}
        />
      )}
      {seen.moved.length > 0 && (
        <Table
          size="small"
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          scroll={{ x: 'max-content' }}
          style={{ marginTop: 12 }}
          rowKey={(row) => `${row.tax} ${row.period} ${row.from} ${row.to}`}
          dataSource={seen.moved}
          columns={[
            { title: t('calendar.notice.tax'), render: (_, row) => wordOr(t, 'tax', row.tax) },
            { title: t('calendar.notice.period'), dataIndex: 'period' },
            { title: t('calendar.notice.from'), render: (_, row) => row.from ?? '–' },
            { title: t('calendar.notice.to'), render: (_, row) => row.to ?? '–' },
            { title: t('calendar.notice.duties'), dataIndex: 'duties', align: 'right' },
          ]}
        />
      )}
    </>
  );
}

function ImportCard({ year }: { year: number }) {
  const t = useT();
  const notify = useNotify();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Notice['kind']>('holidays');
  const [asked, setAsked] = useState({ year: year + 1, source: '', notice: '' });
  const [file, setFile] = useState<File | null>(null);
  const query = { kind, ...asked };
  const preview = useMutation({ mutationFn: (of: File) => previewNotice(query, of) });
  const confirm = useMutation({
    mutationFn: (of: File) => importNotice({ ...query, seen: preview.data?.seen }, of),
    onSuccess: async () => {
      notify.good(t('calendar.notice.done'));
      setFile(null);
      preview.reset();
      await queries.invalidateQueries({ queryKey: ['calendar'] });
    },
  });
  const change = (next: Partial<typeof asked>) => {
    preview.reset();
    setAsked({ ...asked, ...next });
  };
  const ready = preview.data && preview.data.faults.length === 0;
  return (
    <Card size="small" style={{ marginBottom: 16 }}>
      <div className="heng-toolbar" style={{ marginBottom: 12 }}>
        <Segmented
          value={kind}
          onChange={(value) => {
            preview.reset();
            setKind(value);
          }}
          options={(['holidays', 'deadlines'] as const).map((value) => ({
            value,
            label: t(`calendar.notice.${value}`),
          }))}
        />
        <InputNumber
          aria-label={t('calendar.notice.year')}
          min={2021}
          max={2100}
          precision={0}
          value={asked.year}
          onChange={(value) => change({ year: value ?? year + 1 })}
        />
        <Input
          style={{ width: 280 }}
          aria-label={t('calendar.notice.source')}
          placeholder={t('calendar.notice.source.hint')}
          value={asked.source}
          onChange={(event) => change({ source: event.target.value })}
        />
        <Input
          style={{ width: 180 }}
          aria-label={t('calendar.notice.number')}
          placeholder={t('calendar.notice.number')}
          value={asked.notice}
          onChange={(event) => change({ notice: event.target.value })}
        />
        <Upload
          accept=".csv,.xlsx,.xls"
          maxCount={1}
          fileList={file ? [{ uid: '1', name: file.name }] : []}
          beforeUpload={(next) => {
            preview.reset();
            setFile(next);
            return false;
          }}
          onRemove={() => setFile(null)}
        >
          <Button icon={<UploadOutlined />}>{t('calendar.notice.file')}</Button>
        </Upload>
      </div>
      <p className="heng-quiet">{t(`calendar.notice.about.${kind}`)}</p>
      <ProblemAlert error={preview.error ?? confirm.error} />
      {preview.data && <Effects seen={preview.data} />}
      <div className="heng-toolbar" style={{ marginTop: 12 }}>
        <Button
          disabled={!file}
          loading={preview.isPending}
          onClick={() => {
            confirm.reset();
            if (file) preview.mutate(file);
          }}
        >
          {t('calendar.notice.preview')}
        </Button>
        <Button
          type="primary"
          disabled={!file || !ready}
          loading={confirm.isPending}
          onClick={() => file && confirm.mutate(file)}
        >
          {t('calendar.notice.confirm')}
        </Button>
      </div>
    </Card>
  );
}

export function NoticesTab({ year }: { year: number }) {
  const t = useT();
  const can = useCan();
  const shown = useQuery({
    queryKey: ['calendar', 'year', year, ''],
    queryFn: () => readYear({ year }),
  });
  return (
    <>
      {can(RIGHTS.importNotice) && <ImportCard year={year} />}
      <DataTable<Notice>
        name="calendar-notices"
        rows={shown.data?.notices}
        loading={shown.isFetching}
        error={shown.error}
        rowKey={(row) => `${row.at} ${row.kind} ${row.year}`}
        empty={<Nothing text={t('calendar.notice.none')} />}
        columns={[
          {
            key: 'kind',
            title: t('calendar.notice.kind'),
            width: 160,
            render: (row) => t(`calendar.notice.${row.kind}`),
          },
          { key: 'year', title: t('calendar.notice.year'), width: 80, render: (row) => row.year },
          {
            key: 'source',
            title: t('calendar.notice.source'),
            width: 240,
            phone: true,
            render: (row) => row.source,
          },
          {
            key: 'notice',
            title: t('calendar.notice.number'),
            width: 180,
            render: (row) => row.notice || '–',
          },
          {
            key: 'entries',
            title: t('calendar.notice.entries'),
            width: 80,
            align: 'end',
            render: (row) => row.entries,
          },
          {
            key: 'at',
            title: t('calendar.notice.at'),
            width: 160,
            phone: true,
            render: (row) => formatInstant(row.at),
          },
          { key: 'by', title: t('calendar.notice.by'), width: 110, render: (row) => row.by },
        ]}
      />
    </>
  );
}
