/** 系统设置: the settings of the firm, and its custom fields. */
import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, Card, Checkbox, Descriptions, Form, Input, InputNumber, Modal } from 'antd';
import { Select, Switch, Tabs } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { createField, readFields } from '@/api/clients';
import { readSettings, writeSettings } from '@/api/record';
import type { FieldCreate, FieldSpec, Settings } from '@/api/shapes';
import { inLang, isWord, useLang } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Loaded, ProblemAlert } from '@/ui/problems';
import { Chip, LevelTag } from '@/ui/tags';
import { ProofRefused, useProof } from '@/ui/Proof';
import { UnsavedGuard } from '@/ui/UnsavedGuard';

const CHOICES: Record<string, { value: string; label: string }[]> = {
  locale: [
    { value: 'zh-CN', label: 'zh-CN' },
    { value: 'en', label: 'English' },
  ],
};

/** The settings that can be changed here; all others are decided by the configuration file. */
const OPEN = [
  'firm_name',
  'locale',
  'session_idle_minutes',
  'session_max_hours',
  'reveal_daily_limit',
  'local_operator',
  'reveal_purposes',
  'export_purposes',
];
const LINES = ['reveal_purposes', 'export_purposes'];

function settingInput(key: string, value: Settings[string]) {
  const choices = CHOICES[key];
  if (choices) return <Select options={choices} />;
  if (LINES.includes(key)) return <Input.TextArea rows={4} className="heng-long" />;
  if (typeof value === 'boolean') return <Switch />;
  if (typeof value === 'number') return <InputNumber style={{ width: '100%' }} precision={0} />;
  return <Input />;
}

function SettingsForm({ settings }: { settings: Settings }) {
  const { t } = useLang();
  const can = useCan();
  const notify = useNotify();
  const withProof = useProof();
  const queries = useQueryClient();
  const [form] = Form.useForm<Settings>();
  const [dirty, setDirty] = useState(false);
  const save = useMutation({
    mutationFn: (values: Settings) =>
      withProof(() =>
        writeSettings(
          Object.fromEntries(Object.entries(values).filter(([key, v]) => v !== settings[key])),
        ),
      ),
    onSuccess: async () => {
      setDirty(false);
      notify.good(t('action.saved'));
      await queries.invalidateQueries({ queryKey: ['settings'] });
      await queries.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const allowed = can(RIGHTS.updateSettings);
  const label = (key: string) => {
    const word = `setting.${key}`;
    return isWord(word) ? t(word) : key;
  };
  const shown = (value: Settings[string] | undefined) =>
    typeof value === 'boolean' ? t(value ? 'word.yes' : 'word.no') : String(value ?? '–');
  const open = OPEN.filter((key) => key in settings);
  const fixed = Object.keys(settings).filter((key) => !OPEN.includes(key));
  const error = save.error instanceof ProofRefused ? null : save.error;
  return (
    <div className="heng-grid">
      <Card>
        <UnsavedGuard dirty={dirty} />
        {!allowed && (
          <Alert type="info" showIcon title={t('settings.readonly')} style={{ marginBottom: 16 }} />
        )}
        <ProblemAlert error={error} />
        <Form
          form={form}
          layout="vertical"
          disabled={!allowed}
          initialValues={settings}
          onValuesChange={() => setDirty(true)}
          onFinish={(values: Settings) => save.mutate(values)}
        >
          <div className="heng-form">
            {open.map((key) => (
              <Form.Item
                key={key}
                name={key}
                label={label(key)}
                valuePropName={typeof settings[key] === 'boolean' ? 'checked' : 'value'}
              >
                {settingInput(key, settings[key] ?? null)}
              </Form.Item>
            ))}
          </div>
          {allowed && (
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t('action.save')}
            </Button>
          )}
        </Form>
      </Card>
      {fixed.length > 0 && (
        <Card title={t('settings.fixed')} size="small">
          <Descriptions
            size="small"
            column={{ xs: 1, md: 2 }}
            items={fixed.map((key) => ({
              key,
              label: label(key),
              children: shown(settings[key]),
            }))}
          />
        </Card>
      )}
    </div>
  );
}

const KINDS = ['text', 'long', 'int', 'money', 'date', 'choice', 'phone'] as const;

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
        initialValues={{ section: 'basic', kind: 'text' }}
        onFinish={(values: FieldCreate) =>
          create.mutate({ ...values, key: `custom.${values.key}` })
        }
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
            <Input className="heng-code" prefix="custom." />
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
          <Form.Item name="required" valuePropName="checked" label={t('field.required')}>
            <Checkbox>{t('field.required.about')}</Checkbox>
          </Form.Item>
          {kind === 'choice' && (
            <Form.Item name="choices" label={t('field.choices')} className="wide" rules={required}>
              <Select mode="tags" open={false} suffixIcon={null} />
            </Form.Item>
          )}
        </div>
      </Form>
    </Modal>
  );
}

function Fields() {
  const { lang, t } = useLang();
  const can = useCan();
  const fields = useQuery({
    queryKey: ['fields'],
    queryFn: readFields,
    staleTime: 300_000,
    select: (view) => view.fields,
  });
  const [adding, setAdding] = useState(false);
  const columns: Column<FieldSpec>[] = [
    {
      key: 'name',
      title: t('field.name'),
      width: 200,
      fixed: true,
      render: (row) => (
        <>
          {inLang(lang, row)} {row.custom && <Chip tone="blue">{t('field.custom')}</Chip>}
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
      render: (row) => <span className="heng-code">{row.path}</span>,
    },
  ];
  return (
    <>
      <DataTable
        name="fields"
        columns={columns}
        rows={fields.data}
        rowKey={(row) => row.path}
        loading={fields.isFetching}
        error={fields.error}
        refresh={() => void fields.refetch()}
        left={
          <ActionButton
            icon={<PlusOutlined />}
            allowed={can(RIGHTS.defineField)}
            reason={t('page.403.missing') + RIGHTS.defineField}
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
        tabBarStyle={{ marginBottom: 12 }}
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
