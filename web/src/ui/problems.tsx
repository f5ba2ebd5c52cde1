/** How refusals and failures of the server are shown. */
import { Alert, Button, Empty, Skeleton, Tag } from 'antd';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '@/api/client';
import { useLang, useT, wordOr } from '@/i18n/lang';
import type { Lang, Translate } from '@/i18n/lang';
import { CopyText } from './CopyText';

/** The sentence for a failure. */
export function problemText(error: unknown, lang: Lang, t: Translate): string {
  if (error instanceof Problem) {
    if (error.code === 'network') return t('problem.network');
    const text = lang === 'en' ? error.detailEn : error.detail;
    return text || t('problem.status', { status: error.status });
  }
  return error instanceof Error && error.message ? error.message : t('problem.unknown');
}

function RequestId({ error }: { error: unknown }) {
  const t = useT();
  if (!(error instanceof Problem) || !error.requestId) return null;
  return (
    <span className="heng-quiet">
      {t('problem.request')} <CopyText text={error.requestId} code />
    </span>
  );
}

/** A failure inside a page or a dialog. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const { lang, t } = useLang();
  if (!error) return null;
  return (
    <Alert
      type="error"
      showIcon
      title={problemText(error, lang, t)}
      description={<RequestId error={error} />}
      action={retry ? <Button size="small" onClick={retry}>{t('action.retry')}</Button> : undefined}
      style={{ marginBottom: 16 }}
    />
  );
}

interface MessageProps {
  status: 403 | 404 | 500;
  title: string;
  children: ReactNode;
  action: ReactNode;
}

/** A page that has only something to say. */
function Message({ status, title, children, action }: MessageProps) {
  return (
    <section style={{ maxWidth: 480, margin: '12vh auto', textAlign: 'center' }}>
      <div className="heng-status" aria-hidden>{status}</div>
      <h1 style={{ fontSize: 20, margin: '4px 0 8px' }}>{title}</h1>
      <div className="heng-quiet" style={{ display: 'grid', gap: 6, justifyItems: 'center' }}>
        {children}
      </div>
      <div style={{ marginTop: 20 }}>{action}</div>
    </section>
  );
}

function HomeButton() {
  const t = useT();
  return <Button type="primary" href="/">{t('page.home')}</Button>;
}

/** 403: says which right is missing. */
export function Forbidden({ right, error }: { right?: string | undefined; error?: unknown }) {
  const { lang, t } = useLang();
  const named = right ?? (error instanceof Problem ? error.missing : undefined);
  return (
    <Message status={403} title={t('page.403.title')} action={<HomeButton />}>
      <div>{error ? problemText(error, lang, t) : t('page.403.text')}</div>
      {named && (
        <div>
          {t('page.403.missing')}
          <Tag className="heng-code">
            {lang === 'zh' ? `${wordOr(t, 'act', named)} · ${named}` : named}
          </Tag>
        </div>
      )}
      <div>{t('page.403.ask')}</div>
      <RequestId error={error} />
    </Message>
  );
}

/** 404: the same for what does not exist and what lies outside one's reach. */
export function NotFound({ error }: { error?: unknown }) {
  const t = useT();
  return (
    <Message status={404} title={t('page.404.title')} action={<HomeButton />}>
      <div>{t('page.404.text')}</div>
      <RequestId error={error} />
    </Message>
  );
}

/** 500: something failed here or on the server. */
export function Crash({ error }: { error: unknown }) {
  const { lang, t } = useLang();
  const again = (
    <Button type="primary" onClick={() => window.location.reload()}>{t('action.reload')}</Button>
  );
  return (
    <Message status={500} title={t('page.500.title')} action={again}>
      <div>{problemText(error, lang, t)}</div>
      <RequestId error={error} />
    </Message>
  );
}

/** A whole page's failure by its status. */
export function PageProblem({ error }: { error: unknown }) {
  const status = error instanceof Problem ? error.status : 500;
  if (status === 403) return <Forbidden error={error} />;
  if (status === 404) return <NotFound error={error} />;
  return <Crash error={error} />;
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  children: (value: T) => ReactNode;
  rows?: number;
  page?: boolean;
}

/** Shows a query: a skeleton, a failure with retry, or the value. */
export function Loaded<T>({ query, children, rows = 6, page = false }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    const status = query.error instanceof Problem ? query.error.status : 0;
    if (page || status === 403) return <PageProblem error={query.error} />;
    return <ProblemAlert error={query.error} retry={() => void query.refetch()} />;
  }
  return <Skeleton active paragraph={{ rows }} title={false} style={{ padding: 16 }} />;
}

/** Nothing here, and what to do about it. */
export function Nothing({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text} style={{ margin: '24px 0' }}>
      {children}
    </Empty>
  );
}
