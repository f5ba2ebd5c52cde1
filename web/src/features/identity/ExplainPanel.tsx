/** 此人能看到什么，为什么: one question, the decision, the policies that decided. */
import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Descriptions, Drawer, Form, Input, Select, Tag } from 'antd';
import { explain } from '@/api/identity';
import type { Explanation, UserRow } from '@/api/shapes';
import { inLang, useLang, wordOr } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { Nothing, ProblemAlert } from '@/ui/problems';

const ACTIONS = [
  'client.list', 'client.view', 'client.update', 'client.reveal', 'client.export',
  'client.import', 'client.assign', 'user.list', 'record.list', 'key.rotate',
] as const;

function Answer({ answer }: { answer: Explanation }) {
  const { lang, t } = useLang();
  const shown = (value: unknown) =>
    typeof value === 'boolean'
      ? t(value ? 'word.yes' : 'word.no')
      : Array.isArray(value)
        ? value.join(', ') || '–'
        : typeof value === 'object' && value !== null
          ? JSON.stringify(value)
          : String(value ?? '–');
  return (
    <>
      <section className="heng-panel heng-panel-pad" style={{ marginBottom: 12 }} role="status">
        <div style={{ fontSize: 16, display: 'flex', gap: 8, alignItems: 'center' }}>
          {answer.allowed ? (
            <CheckCircleFilled style={{ color: '#389e0d' }} />
          ) : (
            <CloseCircleFilled style={{ color: '#cf1322' }} />
          )}
          <strong>{answer.allowed ? t('explain.yes') : t('explain.no')}</strong>
        </div>
        {answer.missing.length > 0 && (
          <div style={{ marginTop: 8 }}>
            {t('explain.missing')}
            {answer.missing.map((one) => (
              <Tag key={one.right} color="error">{inLang(lang, one)}</Tag>
            ))}
          </div>
        )}
      </section>
      <h3 style={{ fontSize: 15, margin: '16px 0 8px' }}>{t('explain.policies')}</h3>
      {answer.policies.length === 0 && <Nothing text={t('explain.nopolicy')} />}
      {answer.policies.map((policy) => (
        <section key={policy.id} style={{ marginBottom: 12 }}>
          <div className="heng-toolbar">
            <strong className="heng-code">{policy.id}</strong>
            <span className="heng-quiet heng-code">{`${policy.file}:${policy.line}`}</span>
          </div>
          <pre className="heng-policy heng-code">{policy.text}</pre>
        </section>
      ))}
      <h3 style={{ fontSize: 15, margin: '16px 0 8px' }}>{t('explain.facts')}</h3>
      <Descriptions
        size="small"
        bordered
        column={1}
        styles={{ label: { width: 180 }, content: { background: '#fff' } }}
        items={Object.entries(answer.attributes).map(([key, value]) => ({
          key,
          label: wordOr(t, 'attribute', key),
          children: <span className="heng-wrap">{shown(value)}</span>,
        }))}
      />
    </>
  );
}

export function ExplainPanel({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useLang();
  const narrow = useNarrow();
  const ask = useMutation({
    mutationFn: (query: { client?: string; action: string }) =>
      explain(user.id, {
        action: query.action,
        ...(query.client?.trim() ? { client: query.client.trim() } : {}),
      }),
  });
  return (
    <Drawer
      open
      size={narrow ? '100%' : 720}
      title={t('explain.of', { name: user.display_name })}
      onClose={close}
      styles={{ body: { background: '#f4f6f9' } }}
    >
      <Form
        layout={narrow ? 'vertical' : 'inline'}
        initialValues={{ action: 'client.view' }}
        style={{ marginBottom: 16 }}
        onFinish={(values: { client?: string; action: string }) => ask.mutate(values)}
      >
        <Form.Item name="action" style={{ width: narrow ? '100%' : 200 }}>
          <Select
            aria-label={t('record.action')}
            options={ACTIONS.map((value) => ({ value, label: wordOr(t, 'act', value) }))}
          />
        </Form.Item>
        <Form.Item name="client" style={{ width: narrow ? '100%' : 220 }}>
          <Input allowClear placeholder={t('explain.client')} aria-label={t('explain.client')} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={ask.isPending}>{t('explain.ask')}</Button>
      </Form>
      <ProblemAlert error={ask.error} />
      {ask.data ? <Answer answer={ask.data} /> : <Nothing text={t('explain.about')} />}
    </Drawer>
  );
}
