/** One import: matching, checking, running, result. */
import { DownloadOutlined, UndoOutlined } from '@ant-design/icons';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, App, Breadcrumb, Button, Card, Progress, Space, Table } from 'antd';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { downloadErrors } from '@/api/imports';
import { readFields } from '@/api/clients';
import type { ImportCounts, ImportNote, ImportRow } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { formatInstant } from '@/format/time';
import { useLang, wordOr } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Loaded, ProblemAlert } from '@/ui/problems';
import { ImportStateTag, ImportSteps } from './ImportsPage';
import { MatchStep } from './MatchStep';
import { useCancel, useImport, useNotes, useRun, useUndo } from './queries';

const KINDS = ['created', 'updated', 'unchanged', 'rejected', 'duplicates'] as const;
const KIND_COLOURS: Record<(typeof KINDS)[number], string> = {
  created: '#2b7a0b',
  updated: '#1366e0',
  unchanged: '#616a7e',
  rejected: '#cf1322',
  duplicates: '#ad5200',
};

function Counts({ counts, planned }: { counts: ImportCounts; planned: boolean }) {
  const { t } = useLang();
  return (
    <div
      style={{
        display: 'grid',
        gap: 8,
        gridTemplateColumns: 'repeat(auto-fit, minmax(108px, 1fr))',
        marginBottom: 16,
      }}
    >
      <div className="heng-card">
        <div className="heng-quiet">{t('import.rows')}</div>
        <strong className="heng-num" style={{ fontSize: 20 }}>{formatCount(counts.rows)}</strong>
      </div>
      {KINDS.map((kind) => (
        <div key={kind} className="heng-card">
          <div className="heng-quiet">
            {planned && kind !== 'rejected' && kind !== 'duplicates' && kind !== 'unchanged'
              ? t(`import.${kind}.plan`)
              : t(`import.${kind}`)}
          </div>
          <strong
            className="heng-num"
            style={{ fontSize: 20, color: counts[kind] ? KIND_COLOURS[kind] : undefined }}
          >
            {formatCount(counts[kind])}
          </strong>
        </div>
      ))}
    </div>
  );
}

function Reasons({ counted, title }: { counted: Record<string, number>; title: string }) {
  const { t } = useLang();
  const reasons = Object.entries(counted).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return null;
  const text = (code: string) => wordOr(t, 'reason', code);
  return (
    <Table
      size="small"
      pagination={false}
      rowKey={([code]) => code}
      dataSource={reasons}
      style={{ maxWidth: 640, marginBottom: 16 }}
      columns={[
        {
          key: 'reason',
          title,
          render: (_: unknown, [code]: [string, number]) => text(code),
        },
        {
          key: 'count',
          title: t('import.rows'),
          width: 100,
          align: 'end',
          render: (_: unknown, [, count]: [string, number]) => (
            <span className="heng-num">{formatCount(count)}</span>
          ),
        },
      ]}
    />
  );
}

/** What was left out, row by row. */
function Notes({ run }: { run: ImportRow }) {
  const { lang, t } = useLang();
  const some = Object.keys(run.warnings ?? {}).length > 0;
  const narrow = useNarrow();
  const notes = useNotes(run.id, some);
  if (!some) return null;
  const value = (note: ImportNote) =>
    note.value ?? (note.column ? t('import.notes.hidden') : '–');
  const rows = notes.data?.pages.flatMap((page) => page.items);
  return (
    <section style={{ marginBottom: 16 }}>
      <h3 style={{ margin: '0 0 8px', fontSize: 14 }}>{t('import.notes')}</h3>
      <ProblemAlert error={notes.error} />
      <Table<ImportNote>
        size="small"
        pagination={false}
        loading={notes.isLoading}
        rowKey={(note) => `${note.row} ${note.column} ${note.code}`}
        dataSource={rows ?? []}
        scroll={{ ...(narrow ? {} : { x: 640 }), ...((rows?.length ?? 0) > 10 ? { y: 360 } : {}) }}
        columns={[
          {
            key: 'row',
            title: t('import.notes.row'),
            width: narrow ? 48 : 72,
            align: 'end',
            render: (_: unknown, note) => <span className="heng-num">{note.row}</span>,
          },
          {
            key: 'column',
            title: t('import.notes.column'),
            width: narrow ? 110 : 130,
            render: (_: unknown, note) => (
              <>
                {note.column ?? '–'}
                {narrow && <div className="heng-quiet heng-wrap">{value(note)}</div>}
              </>
            ),
          },
          ...(narrow
            ? []
            : [
                {
                  key: 'value',
                  title: t('import.notes.value'),
                  width: 180,
                  render: (_: unknown, note: ImportNote) =>
                    note.value ?? <span className="heng-quiet">{value(note)}</span>,
                },
              ]),
          {
            key: 'reason',
            title: t('import.reason'),
            render: (_: unknown, note) =>
              lang === 'en' ? wordOr(t, 'reason', note.code) : note.reason,
          },
        ]}
      />
      {notes.hasNextPage && (
        <Button
          size="small"
          style={{ marginTop: 8 }}
          loading={notes.isFetchingNextPage}
          onClick={() => void notes.fetchNextPage()}
        >
          {t('import.notes.more')}
        </Button>
      )}
    </section>
  );
}

function ErrorsButton({ run }: { run: ImportRow }) {
  const { t } = useLang();
  const notify = useNotify();
  const noted = Object.keys(run.warnings ?? {}).length > 0;
  const some = noted || run.counts.rejected + run.counts.duplicates > 0;
  if (!some) return null;
  return (
    <Button
      icon={<DownloadOutlined />}
      onClick={() => void downloadErrors(run.id).catch(notify.bad)}
    >
      {t('import.errors')}
    </Button>
  );
}

function Working({ run }: { run: ImportRow }) {
  const { t } = useLang();
  const cancel = useCancel();
  return (
    <div style={{ maxWidth: 640 }}>
      <p>{run.state === 'checking' ? t('import.checking') : t('import.running')}</p>
      <Progress
        aria-label={t('import.state')}
        percent={Math.min(100, Math.floor(run.progress))}
        status="active"
      />
      <p className="heng-quiet">{t('import.leave')}</p>
      <ProblemAlert error={cancel.error} />
      <Button danger loading={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
        {t('import.cancel')}
      </Button>
    </div>
  );
}

function Checked({ run, rematch }: { run: ImportRow; rematch: () => void }) {
  const { t } = useLang();
  const start = useRun();
  const may = useCan()(RIGHTS.runImport);
  const counts = run.counts;
  const going = counts.created + counts.updated;
  return (
    <>
      <ProblemAlert error={start.error} />
      <Counts counts={counts} planned />
      <Reasons counted={run.reasons} title={t('import.reason')} />
      <Reasons counted={run.warnings ?? {}} title={t('import.warnings')} />
      <Notes run={run} />
      <Space wrap>
        <ActionButton
          type="primary"
          allowed={going > 0 && may}
          reason={may ? t('import.nothing') : t('import.readonly')}
          loading={start.isPending}
          onClick={() => start.mutate(run.id)}
        >
          {t('import.run', { count: formatCount(going) })}
        </ActionButton>
        <ErrorsButton run={run} />
        <Button onClick={rematch}>{t('import.rematch')}</Button>
      </Space>
      <p className="heng-quiet">{t('import.checked.about')}</p>
    </>
  );
}

function Done({ run }: { run: ImportRow }) {
  const { lang, t } = useLang();
  const { modal } = App.useApp();
  const notify = useNotify();
  const undo = useUndo();
  const { created, updated } = run.counts;
  const confirm = () =>
    modal.confirm({
      title: t('import.undo.title'),
      content: t('import.undo.about', { created, updated }),
      okText: t('import.undo'),
      okButtonProps: { danger: true },
      onOk: () => undo.mutateAsync(run.id).catch(notify.bad),
    });
  const kind = { done: 'success', undone: 'warning', cancelled: 'info' }[run.state as string];
  return (
    <>
      <Alert
        showIcon
        type={(kind ?? 'error') as 'success' | 'warning' | 'info' | 'error'}
        style={{ marginBottom: 16 }}
        title={t(`import.end.${run.state as 'done' | 'undone' | 'cancelled' | 'failed'}`)}
        description={run.failure ?? undefined}
      />
      <Counts counts={run.counts} planned={false} />
      <Reasons counted={run.reasons} title={t('import.reason')} />
      <Reasons counted={run.warnings ?? {}} title={t('import.warnings')} />
      <Notes run={run} />
      <Space wrap>
        {run.state === 'done' && (
          <Link to="/clients" search={{ view: 'unassigned' }}>
            <Button type="primary" tabIndex={-1}>{t('import.assign')}</Button>
          </Link>
        )}
        <ErrorsButton run={run} />
        {run.state !== 'undone' && created + updated > 0 && (
          <ActionButton
            danger
            icon={<UndoOutlined />}
            allowed={run.undoable.allowed}
            reason={lang === 'en' ? run.undoable.reason_en : run.undoable.reason}
            onClick={confirm}
          >
            {t('import.undo')}
          </ActionButton>
        )}
      </Space>
    </>
  );
}

const STEP = {
  uploaded: 2,
  checking: 3,
  checked: 3,
  running: 4,
  done: 5,
  cancelled: 5,
  failed: 5,
  undone: 5,
} as const;

function Inside({ run }: { run: ImportRow }) {
  const { t } = useLang();
  const [rematching, setRematching] = useState(false);
  const fields = useQuery({
    queryKey: ['fields'],
    queryFn: readFields,
    staleTime: 300_000,
    select: (view) => view.fields,
  });
  const matching = run.state === 'uploaded' || (rematching && run.state === 'checked');
  const working = run.state === 'checking' || run.state === 'running';
  return (
    <>
      <Breadcrumb
        style={{ marginBottom: 8 }}
        items={[
          { title: <Link to="/imports">{t('import.title')}</Link> },
          { title: run.file_name },
        ]}
      />
      <PageHeader
        title={run.file_name}
        about={`${run.by} · ${formatInstant(run.at)}`}
        actions={<ImportStateTag state={run.state} />}
      />
      <Card>
        <ImportSteps current={matching ? 2 : STEP[run.state]} />
        {matching && (
          <Loaded query={fields}>
            {(specs) => (
              <MatchStep run={run} fields={specs} />
            )}
          </Loaded>
        )}
        {!matching && working && <Working run={run} />}
        {!matching && run.state === 'checked' && (
          <Checked run={run} rematch={() => setRematching(true)} />
        )}
        {!matching && !working && run.state !== 'checked' && <Done run={run} />}
      </Card>
    </>
  );
}

export function ImportPage() {
  const { id } = useParams({ from: '/in/imports/$id' });
  const run = useImport(id);
  return (
    <Loaded query={run} page rows={10}>
      {(value) => <Inside run={value} key={value.state === 'checking' ? 'again' : 'run'} />}
    </Loaded>
  );
}
