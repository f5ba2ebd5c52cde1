/** 新建客户: the few fields that a file starts with, and a live hint at duplicates. */
import { Alert, Button, Drawer, Form, Space } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useRef } from 'react';
import { App } from 'antd';
import { Problem } from '@/api/client';
import type { FieldSpec } from '@/api/shapes';
import { useLang } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { Loaded } from '@/ui/problems';
import { allToWire } from '@/ui/wire';
import type { Values } from './conflict';
import { FieldItems } from './FieldItems';
import { useCreateClient, useFields, useSimilar } from './queries';
import { RefusedAlert, refusalsOf } from './refusals';

const FIRST = [
  'name',
  'short_name',
  'uscc',
  'taxpayer_kind',
  'legal_rep_name',
  'registered_capital_fen',
  'registered_on',
  'address',
];

/** The fields that a file starts with, in their order. */
export function startingFields(fields: FieldSpec[]): FieldSpec[] {
  const rank = (field: FieldSpec) => {
    const at = FIRST.indexOf(field.key);
    return at < 0 ? FIRST.length : at;
  };
  return fields
    .filter(
      (field) =>
        !field.list && (FIRST.includes(field.key) || (field.custom && field.required)),
    )
    .sort((a, b) => rank(a) - rank(b));
}

function Similar({ name, uscc }: { name: string; uscc: string }) {
  const { t } = useLang();
  const query = {
    ...(name.length >= 2 ? { name } : {}),
    ...(uscc.length >= 15 ? { uscc } : {}),
  };
  const similar = useSimilar(query);
  const found = Object.keys(query).length > 0 ? (similar.data ?? []) : [];
  if (found.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 16 }}
      title={t('similar.title', { count: found.length })}
      description={found.map((one, index) => (
        <div key={index}>
          {one.name}
          <span className="heng-quiet">
            {' '}· {t('client.lead')} {one.owner ?? t('client.nolead')}
          </span>
        </div>
      ))}
    />
  );
}

interface InsideProps {
  specs: FieldSpec[];
  create: ReturnType<typeof useCreateClient>;
  form: ReturnType<typeof Form.useForm<Values>>[0];
  submit: (values: Values) => void;
}

function Inside({ specs, create, form, submit }: InsideProps) {
  const { lang, t } = useLang();
  const fields = startingFields(specs);
  const name = useDeferredValue(String(Form.useWatch('name', form) ?? '').trim());
  const uscc = useDeferredValue(String(Form.useWatch('uscc', form) ?? '').trim());
  const error = create.error;
  return (
    <>
      <Similar name={name} uscc={uscc} />
      <RefusedAlert error={error} fields={fields} form={form} />
      <Form
        form={form}
        layout="vertical"
        onFinish={submit}
        scrollToFirstError={{ focus: true, block: 'center' }}
      >
        <FieldItems
          fields={fields}
          refused={refusalsOf(error, fields, lang)}
        />
      </Form>
      <p className="heng-quiet">{t('client.new.about')}</p>
    </>
  );
}

export function NewClientDrawer({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useLang();
  const narrow = useNarrow();
  const notify = useNotify();
  const navigate = useNavigate();
  const { modal } = App.useApp();
  const fields = useFields();
  const create = useCreateClient();
  const [form] = Form.useForm<Values>();
  const key = useRef('');
  const again = useRef(false);
  useEffect(() => {
    if (open) key.current = crypto.randomUUID();
  }, [open]);
  const submit = (values: Values) => {
    const filled = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
    );
    create.mutate(
      { fields: allToWire(fields.data ?? [], filled), key: key.current },
      {
        onSuccess: (client) => {
          notify.good(t('client.created', { name: client.name }));
          form.resetFields();
          key.current = crypto.randomUUID();
          if (!again.current) void navigate({ to: '/clients/$id', params: { id: client.id } });
        },
        onError: (error) => {
          // A refused draft may change: the next try is another request. After a broken
          // connection nobody knows whether it was made: the next try is the same request.
          const refused = error instanceof Problem && error.status >= 400 && error.status < 500;
          if (refused) key.current = crypto.randomUUID();
        },
      },
    );
  };
  const leave = () => {
    const end = () => {
      form.resetFields();
      create.reset();
      close();
    };
    if (!form.isFieldsTouched()) return end();
    modal.confirm({
      title: t('unsaved.title'),
      content: t('unsaved.drawer'),
      okText: t('unsaved.discard'),
      okButtonProps: { danger: true },
      cancelText: t('unsaved.stay'),
      onOk: end,
    });
  };
  const run = (more: boolean) => {
    again.current = more;
    form.submit();
  };
  return (
    <Drawer
      open={open}
      size={narrow ? '100%' : 720}
      title={t('client.new')}
      onClose={leave}
      destroyOnHidden
      footer={
        <Space>
          <Button type="primary" loading={create.isPending} onClick={() => run(false)}>
            {t('action.save')}
          </Button>
          <Button onClick={() => run(true)}>{t('list.again')}</Button>
          <Button onClick={leave}>{t('action.cancel')}</Button>
        </Space>
      }
    >
      <Loaded query={fields}>
        {(specs) => <Inside specs={specs} create={create} form={form} submit={submit} />}
      </Loaded>
    </Drawer>
  );
}
