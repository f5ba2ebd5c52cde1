/** How refusals and failures of the server are shown. */
import { Alert, Button, Empty, Result, Skeleton, Typography } from 'antd';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '@/api/client';
import { useLang, useT } from '@/i18n/lang';
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

/** 403: says which right is missing. */
export function Forbidden({ right, error }: { right?: string | undefined; error?: unknown }) {
  const { lang, t } = useLang();
  const named = right ?? (error instanceof Problem ? error.missing : undefined);
  const detail = error ? problemText(error, lang, t) : t('page.403.text');
  return (
    <Result
      status="403"
      title={t('page.403.title')}
      subTitle={
        <>
          <div>{detail}</div>
          {named && (
            <div style={{ marginTop: 8 }}>
              {t('page.403.missing')} <Typography.Text code>{named}</Typography.Text>
            </div>
          )}
          <div style={{ marginTop: 8 }}>{t('page.403.ask')}</div>
          <RequestId error={error} />
        </>
      }
      extra={<Button type="primary" href="/">{t('page.home')}</Button>}
    />
  );
}

/** 404: the same for what does not exist and what lies outside one's reach. */
export function NotFound({ error }: { error?: unknown }) {
  const t = useT();
  return (
    <Result
      status="404"
      title={t('page.404.title')}
      subTitle={<>{t('page.404.text')} <RequestId error={error} /></>}
      extra={<Button type="primary" href="/">{t('page.home')}</Button>}
    />
  );
}

/** 500: something failed here or on the server. */
export function Crash({ error }: { error: unknown }) {
  const { lang, t } = useLang();
  return (
    <Result
      status="500"
      title={t('page.500.title')}
      subTitle={<>{problemText(error, lang, t)} <RequestId error={error} /></>}
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t('action.reload')}
        </Button>
      }
    />
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
