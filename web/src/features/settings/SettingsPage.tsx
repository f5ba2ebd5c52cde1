/** 系统设置: the settings of the firm, and its custom fields. */
import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Card, Form, Input, InputNumber, Modal, Select, Switch, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { createField, listFields } from '@/api/clients';
import { readSettings, writeSettings } from '@/api/record';
import type { FieldCreate, FieldSpec, Settings } from '@/api/shapes';
import { inLang, isWord, useLang } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Loaded, ProblemAlert } from '@/ui/problems';
import { LevelTag } from '@/ui/tags';
import { ProofRefused, useProof } from '@/ui/Proof';
import { UnsavedGuard } from '@/ui/UnsavedGuard';

const CHOICES: Record<string, { value: string; label: string }[]> = {
  cipher: [
    { value: 'aes-256-gcm', label: 'AES-256-GCM' },
    { value: 'sm4-gcm', label: 'SM4-GCM' },
  ],
  locale: [
    { value: 'zh-CN', label: 'zh-CN' },
    { value: 'en', label: 'en' },
  ],
};

function SettingsForm({ settings }: { settings: Settings }) {
  const { t } = useLang();
  const can = useCan();
  const notify = useNotify();
  const withProof = useProof();
  const queries = useQueryClient();
  const [form] = Form.useForm<Settings>();
  const [dirty, setDirty] = useState(false);
  const save = useMutation({
    mutationFn: (values: Settings) => withProof(() => writeSettings({ ...settings, ...values })),
    onSuccess: async () => {
      setDirty(false);
      notify.good(t('action.saved'));
      await queries.invalidateQueries({ queryKey: ['settings'] });
    },
  });
  const allowed = can(RIGHTS.updateSettings);
  const input = (key: string, value: Settings[string]) => {
    const choices = CHOICES[key];
    if (choices) return <Select options={choices} />;
    if (typeof value === 'boolean') return <Switch />;
    if (typeof value === 'number') return <InputNumber style={{ width: 200 }} />;
    return <Input />;
  };
  const error = save.error instanceof ProofRefused ? null : save.error;
  return (
    <Card>
      <UnsavedGuard dirty={dirty} />
      <ProblemAlert error={error} />
      <Form
        form={form}
        layout="vertical"
        style={{ maxWidth: 560 }}
        disabled={!allowed}
        initialValues={settings}
        onValuesChange={() => setDirty(true)}
        onFinish={(values: Settings) => save.mutate(values)}
      >
        {Object.entries(settings).map(([key, value]) => {
          const word = `setting.${key}`;
          const about = `setting.${key}.about`;
          return (
            <Form.Item
              key={key}
              name={key}
              label={isWord(word) ? t(word) : key}
              extra={isWord(about) ? t(about) : undefined}
              valuePropName={typeof value === 'boolean' ? 'checked' : 'value'}
            >
              {input(key, value)}
            </Form.Item>
          );
        })}
        <ActionButton
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          allowed={allowed}
          reason={t('page.403.missing') + RIGHTS.updateSettings}
        >
          {t('action.save')}
        </ActionButton>
      </Form>
    </Card>
  );
}

const KINDS = ['text', 'long', 'int', 'money', 'date', 'choice', 'bool', 'phone'] as const;

function FieldDialog({ fields, close }: { fields: FieldSpec[]; close: () => void }) {
  const { t } = useLang();
  const notify = useNotify();
  const queries = useQueryClient();
  const [form] = Form.useForm<FieldCreate>();
  const kind = Form.useWatch('kind', form);
  const create = useMutation({
    mutationFn: createField,
    onSuccess: async () => {
      notify.good(t('action.saved'));
      close();
      await queries.invalidateQueries({ queryKey: ['fields'] });
    },
  });
  const items = [...new Map(fields.map((field) => [field.item, field.level]))];
  const required = [{ required: true, message: t('form.required') }];
  return (
    <Modal
      open
      title={t('field.new')}
      okText={t('action.save')}
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={560}
    >
      <ProblemAlert error={create.error} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{ section: 'basic', kind: 'text', required: false }}
        onFinish={(values: FieldCreate) => create.mutate(values)}
      >
        <div className="heng-form">
          <Form.Item name="zh" label={t('field.zh')} rules={required}><Input /></Form.Item>
          <Form.Item name="en" label={t('field.en')} rules={required}><Input /></Form.Item>
          <Form.Item
            name="key"
            label={t('field.key')}
            extra={t('field.key.about')}
            rules={[
              ...required,
              { pattern: /^[a-z][a-z0-9_]{1,40}$/, message: t('field.key.about') },
            ]}
          >
            <Input className="heng-code" />
          </Form.Item>
          <Form.Item name="section" label={t('field.section')} rules={required}>
            <Select
              options={(['basic', 'business', 'financial'] as const).map((value) => ({
                value,
                label: t(`section.${value}`),
              }))}
            />
          </Form.Item>
          <Form.Item name="kind" label={t('field.kind')} rules={required}>
            <Select options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
          </Form.Item>
          <Form.Item name="item" label={t('field.item')} rules={required}>
            <Select
              showSearch
              options={items.map(([value, level]) => ({
                value,
                label: `${value} · ${t('level.n', { level })}`,
              }))}
            />
          </Form.Item>
          {kind === 'choice' && (
            <Form.Item name="choices" label={t('field.choices')} className="wide" rules={required}>
              <Select mode="tags" open={false} suffixIcon={null} />
            </Form.Item>
          )}
          <Form.Item name="required" label={t('field.required')} valuePropName="checked">
            <Switch />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}

function Fields() {
  const { lang, t } = useLang();
  const can = useCan();
  const fields = useQuery({ queryKey: ['fields'], queryFn: listFields, staleTime: 300_000 });
  const [adding, setAdding] = useState(false);
  const columns: Column<FieldSpec>[] = [
    {
      key: 'name',
      title: t('field.name'),
      width: 200,
      fixed: true,
      render: (row) => (
        <>
          {inLang(lang, row)} {row.custom && <Tag color="blue">{t('field.custom')}</Tag>}
        </>
      ),
    },
    {
      key: 'section',
      title: t('field.section'),
      width: 110,
      phone: true,
      render: (row) => t(`section.${row.section}`),
    },
    { key: 'kind', title: t('field.kind'), width: 100, render: (row) => t(`kind.${row.kind}`) },
    {
      key: 'level',
      title: t('catalogue.level'),
      width: 90,
      phone: true,
      render: (row) => <LevelTag level={row.level} />,
    },
    {
      key: 'required',
      title: t('field.required'),
      width: 80,
      render: (row) => t(row.required ? 'word.yes' : 'word.no'),
    },
    {
      key: 'sealed',
      title: t('catalogue.sealed'),
      width: 90,
      render: (row) => t(row.sealed ? 'word.yes' : 'word.no'),
    },
    {
      key: 'key',
      title: t('field.key'),
      width: 190,
      render: (row) => <span className="heng-code">{row.key}</span>,
    },
  ];
  return (
    <>
      <DataTable
        name="fields"
        columns={columns}
        rows={fields.data}
        rowKey={(row) => `${row.list ?? ''}.${row.key}`}
        loading={fields.isFetching}
        error={fields.error}
        refresh={() => void fields.refetch()}
        left={
          <ActionButton
            icon={<PlusOutlined />}
            allowed={can(RIGHTS.createField)}
            reason={t('page.403.missing') + RIGHTS.createField}
            onClick={() => setAdding(true)}
          >
            {t('field.new')}
          </ActionButton>
        }
      />
      {adding && <FieldDialog fields={fields.data ?? []} close={() => setAdding(false)} />}
    </>
  );
}

export function SettingsPage() {
  const { t } = useLang();
  const { tab } = useSearch({ from: '/in/settings' });
  const navigate = useNavigate({ from: '/settings' });
  const settings = useQuery({ queryKey: ['settings'], queryFn: readSettings });
  return (
    <>
      <PageHeader title={t('nav.settings')} />
      <Tabs
        activeKey={tab ?? 'firm'}
        onChange={(next) => void navigate({ search: { tab: next } })}
        items={[
          { key: 'firm', label: t('settings.firm') },
          { key: 'fields', label: t('settings.fields') },
        ]}
      />
      {tab === 'fields' ? (
        <Fields />
      ) : (
        <Loaded query={settings}>{(values) => <SettingsForm settings={values} />}</Loaded>
      )}
    </>
  );
}
