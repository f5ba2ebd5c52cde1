/** 导入: start a new one, and what was imported before. */
import { DownloadOutlined, InboxOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { Button, Card, Progress, Steps, Upload } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { downloadTemplate } from '@/api/imports';
import type { ImportRow, ImportState } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { Chip } from '@/ui/tags';
import type { Tone } from '@/ui/theme';
import { useImports, useUpload } from './queries';

const STATE_TONES: Record<ImportState, Tone> = {
  uploaded: 'grey',
  checking: 'blue',
  checked: 'blue',
  running: 'blue',
  done: 'green',
  cancelled: 'grey',
  failed: 'red',
  undone: 'amber',
};

export function ImportStateTag({ state }: { state: ImportState }) {
  const t = useT();
  return <Chip tone={STATE_TONES[state]}>{t(`import.state.${state}`)}</Chip>;
}

/** The steps of the wizard, the current one by number. */
export function ImportSteps({ current }: { current: number }) {
  const t = useT();
  const narrow = useNarrow();
  const words = ['template', 'upload', 'match', 'check', 'run', 'result'] as const;
  if (narrow) {
    return (
      <div style={{ marginBottom: 12 }}>
        <strong>{`${current + 1} / ${words.length} `}</strong>
        {t(`import.step.${words[current] ?? 'result'}`)}
        <Progress
          percent={((current + 1) / words.length) * 100}
          showInfo={false}
          size="small"
          aria-hidden
        />
      </div>
    );
  }
  return (
    <Steps
      size="small"
      current={current}
      style={{ marginBottom: 20 }}
      items={words.map((word) => ({ title: t(`import.step.${word}`) }))}
    />
  );
}

function Start() {
  const t = useT();
  const notify = useNotify();
  const navigate = useNavigate();
  const upload = useUpload();
  const send = (file: File) =>
    upload.mutate(file, {
      onSuccess: ({ id }) => void navigate({ to: '/imports/$id', params: { id } }),
    });
  return (
    <Card style={{ marginBottom: 16 }}>
      <ImportSteps current={1} />
      <ProblemAlert error={upload.error} />
      <Upload.Dragger
        accept=".xlsx,.xls,.csv"
        showUploadList={false}
        disabled={upload.isPending}
        beforeUpload={(file) => {
          send(file);
          return false;
        }}
      >
        <p style={{ margin: '4px 0', fontSize: 30, color: '#1366e0' }}><InboxOutlined /></p>
        <p style={{ margin: '4px 0', fontSize: 15 }}>
          {upload.isPending ? t('import.uploading') : t('import.drop')}
        </p>
        <p className="heng-quiet" style={{ margin: '4px 0 0' }}>{t('import.formats')}</p>
      </Upload.Dragger>
      <div className="heng-toolbar" style={{ marginTop: 12 }}>
        <span className="heng-quiet heng-grow">{t('import.about')}</span>
        <Button
          icon={<DownloadOutlined />}
          onClick={() => void downloadTemplate().catch(notify.bad)}
        >
          {t('import.template')}
        </Button>
      </div>
    </Card>
  );
}

export function ImportsPage() {
  const t = useT();
  const can = useCan();
  const imports = useImports();
  const number = (pick: (row: ImportRow) => number | undefined) => (row: ImportRow) => {
    const value = pick(row);
    return <span className="heng-num">{value === undefined ? '–' : formatCount(value)}</span>;
  };
  const columns: Column<ImportRow>[] = [
    {
      key: 'file',
      title: t('import.file'),
      width: 280,
      fixed: true,
      render: (row) => (
        <Link to="/imports/$id" params={{ id: row.id }} title={row.file_name}>{row.file_name}</Link>
      ),
    },
    {
      key: 'state',
      title: t('import.state'),
      width: 100,
      phone: true,
      render: (row) => <ImportStateTag state={row.state} />,
    },
    {
      key: 'mode',
      title: t('import.mode'),
      width: 110,
      render: (row) => t(`import.mode.${row.mode}.short`),
    },
    {
      key: 'created',
      title: t('import.created'),
      width: 84,
      align: 'end',
      phone: true,
      render: number((row) => row.counts?.created),
    },
    {
      key: 'updated',
      title: t('import.updated'),
      width: 84,
      align: 'end',
      render: number((row) => row.counts?.updated),
    },
    {
      key: 'rejected',
      title: t('import.rejected'),
      width: 84,
      align: 'end',
      phone: true,
      render: number((row) => row.counts?.rejected),
    },
    {
      key: 'duplicates',
      title: t('import.duplicates'),
      width: 84,
      align: 'end',
      render: number((row) => row.counts?.duplicates),
    },
    { key: 'by', title: t('import.by'), width: 100, phone: true, render: (row) => row.by },
    {
      key: 'at',
      title: t('import.at'),
      width: 150,
      phone: true,
      render: (row) => <span className="heng-num">{formatInstant(row.at)}</span>,
    },
  ];
  return (
    <>
      <PageHeader title={t('import.title')} />
      {can(RIGHTS.runImport) ? (
        <Start />
      ) : (
        <p className="heng-quiet">{t('import.readonly')}</p>
      )}
      <DataTable
        name="imports"
        columns={columns}
        rows={imports.data?.items}
        rowKey={(row) => row.id}
        loading={imports.isFetching}
        error={imports.error}
        refresh={() => void imports.refetch()}
        left={<strong>{t('import.history')}</strong>}
        empty={<Nothing text={t('import.none')} />}
      />
    </>
  );
}
