/** 此人能看到什么，为什么: one question, the decision, the policies that decided. */
import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { Button, Descriptions, Drawer, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { searchClients } from '@/api/clients';
import { explain } from '@/api/identity';
import type { Explanation, UserRow } from '@/api/shapes';
import { inLang, useLang, wordOr } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { Chip } from '@/ui/tags';
import { useRoles } from './queries';

const ACTIONS = [
  'client.view', 'client.view_confidential', 'client.update', 'client.update_confidential',
  'client.assign', 'client.advance', 'client.reveal', 'client.reveal_confidential',
  'client.list', 'client.export', 'import.run', 'user.list', 'record.list', 'key.rotate',
] as const;

function Answer({ answer }: { answer: Explanation }) {
  const { lang, t } = useLang();
  const roles = useRoles();
  const word = (key: string, one: unknown) => {
    const role = roles.data?.find((known) => known.id === one);
    if (key === 'roles') return role ? inLang(lang, role) : String(one);
    return wordOr(t, 'relation', String(one));
  };
  const shown = (key: string, value: unknown) =>
    typeof value === 'boolean'
      ? t(value ? 'word.yes' : 'word.no')
      : Array.isArray(value)
        ? value.map((one) => word(key, one)).join(t('list.comma')) || '–'
        : typeof value === 'object' && value !== null
          ? JSON.stringify(value)
          : String(value ?? '–');
  return (
    <>
      <section className="heng-panel heng-panel-pad" style={{ marginBottom: 12 }} role="status">
        <div style={{ fontSize: 16, display: 'flex', gap: 8, alignItems: 'center' }}>
          {answer.allowed ? (
            <CheckCircleFilled style={{ color: '#2b7a0b' }} />
          ) : (
            <CloseCircleFilled style={{ color: '#cf1322' }} />
          )}
          <strong>{answer.allowed ? t('explain.yes') : t('explain.no')}</strong>
        </div>
        {answer.missing.length > 0 && (
          <div style={{ marginTop: 8 }}>
            {t('explain.missing')}
            {answer.missing.map((one) => (
              <Chip key={one.right} tone="red">{inLang(lang, one)}</Chip>
            ))}
          </div>
        )}
      </section>
      <h3 style={{ fontSize: 15, margin: '16px 0 8px' }}>{t('explain.policies')}</h3>
      {answer.policies.length === 0 && <Nothing text={t('explain.nopolicy')} />}
      {answer.policies.map((policy) => (
        <section key={policy.id} style={{ marginBottom: 12 }}>
          <div className="heng-toolbar">
            <strong className="heng-code">{`${policy.file}:${policy.line}`}</strong>
          </div>
          {policy.zh && lang === 'zh' && <div>{policy.zh}</div>}
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
          children: <span className="heng-wrap">{shown(key, value)}</span>,
        }))}
      />
    </>
  );
}

interface ClientProps {
  value?: string;
  onChange?: (id?: string) => void;
}

/** Administrators list no clients: they type the code that they were told. */
function ClientCode({ value, onChange }: ClientProps) {
  const { t } = useLang();
  return (
    <Input
      allowClear
      placeholder={t('explain.client')}
      aria-label={t('explain.client')}
      value={value ?? ''}
      onChange={(event) => onChange?.(event.target.value || undefined)}
    />
  );
}

/** Choosing a client by name or code. */
function ClientSelect({ value, onChange }: ClientProps) {
  const { t } = useLang();
  const [q, setQ] = useState('');
  const found = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => searchClients(q, signal),
    enabled: q.trim() !== '',
    placeholderData: keepPreviousData,
  });
  return (
    <Select
      allowClear
      showSearch={{ filterOption: false, onSearch: setQ }}
      placeholder={t('explain.client')}
      aria-label={t('explain.client')}
      notFoundContent={null}
      value={value}
      onChange={(id: string | undefined) => onChange?.(id)}
      options={(found.data?.clients ?? []).map((client) => ({
        value: client.id,
        label: `${client.name} · ${client.code}`,
      }))}
    />
  );
}

export function ExplainPanel({ user, close }: { user: UserRow; close: () => void }) {
  const { t } = useLang();
  const narrow = useNarrow();
  const can = useCan();
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
        <Form.Item name="client" style={{ width: narrow ? '100%' : 270 }}>
          {can(RIGHTS.listClients) ? <ClientSelect /> : <ClientCode />}
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={ask.isPending}>{t('explain.ask')}</Button>
      </Form>
      <ProblemAlert error={ask.error} />
      {ask.data ? <Answer answer={ask.data} /> : <Nothing text={t('explain.about')} />}
    </Drawer>
  );
}
