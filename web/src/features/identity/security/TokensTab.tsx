/** API tokens: made once, shown once, revoked at once. */
import { PlusOutlined } from '@ant-design/icons';
import { Alert, App, Button, Checkbox, DatePicker, Form, Input, Modal } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { TokenCreated, TokenRow } from '@/api/shapes';
import { formatDay, formatInstant } from '@/format/time';
import { useT, wordOr } from '@/i18n/lang';
import { CopyText } from '@/ui/CopyText';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { ProofRefused } from '@/ui/Proof';
import { ShortTags } from '@/ui/tags';
import { useCreateToken, useRevokeToken, useTokens } from '../queries';

interface Values {
  name: string;
  scope: string[];
  expires: Dayjs;
}

interface DialogProps {
  open: boolean;
  close: () => void;
  onMade: (token: TokenCreated) => void;
}

function NewToken({ open, close, onMade }: DialogProps) {
  const t = useT();
  const create = useCreateToken();
  const [form] = Form.useForm<Values>();
  const submit = ({ name, scope, expires }: Values) =>
    create.mutate(
      { name: name.trim(), scope, expires_on: expires.format('YYYY-MM-DD') },
      {
        onSuccess: (token) => {
          close();
          onMade(token);
        },
      },
    );
  const required = [{ required: true, message: t('form.required') }];
  const error = create.error instanceof ProofRefused ? null : create.error;
  return (
    <Modal
      open={open}
      title={t('token.new')}
      okText={t('token.make')}
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={480}
      destroyOnHidden
    >
      <ProblemAlert error={error} />
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ scope: ['read'], expires: dayjs().add(90, 'day') }}
        onFinish={submit}
      >
        <Form.Item name="name" label={t('token.name')} rules={required}>
          <Input autoFocus maxLength={40} />
        </Form.Item>
        <Form.Item
          name="scope"
          label={t('token.scope')}
          extra={t('token.scope.about')}
          rules={required}
        >
          <Checkbox.Group
            options={(['read', 'write'] as const).map((value) => ({
              value,
              label: t(`token.scope.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="expires" label={t('token.expires')} rules={required}>
          <DatePicker
            style={{ width: '100%' }}
            disabledDate={(day) =>
              day.isBefore(dayjs(), 'day') || day.isAfter(dayjs().add(1, 'year'))
            }
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function TokensTab() {
  const t = useT();
  const notify = useNotify();
  const { modal } = App.useApp();
  const tokens = useTokens();
  const revoke = useRevokeToken();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<TokenCreated | null>(null);
  const columns: Column<TokenRow>[] = [
    { key: 'name', title: t('token.name'), width: 200, fixed: true, render: (row) => row.name },
    {
      key: 'scope',
      title: t('token.scope'),
      width: 280,
      render: (row) => (
        <ShortTags most={3} tags={row.scope.map((one) => wordOr(t, 'token.scope', one))} />
      ),
    },
    {
      key: 'expires',
      title: t('token.expires'),
      width: 120,
      phone: true,
      render: (row) => <span className="heng-num">{formatDay(row.expires_at)}</span>,
    },
    {
      key: 'used',
      title: t('token.used'),
      width: 150,
      phone: true,
      render: (row) => (
        <span className="heng-num">
          {row.last_used_at ? formatInstant(row.last_used_at) : t('token.never')}
        </span>
      ),
    },
  ];
  const confirm = (row: TokenRow) =>
    modal.confirm({
      title: t('token.revoke.title', { name: row.name }),
      content: t('token.revoke.about'),
      okText: t('token.revoke'),
      okButtonProps: { danger: true },
      onOk: () => revoke.mutateAsync(row.id).then(() => undefined, notify.bad),
    });
  return (
    <>
      <DataTable
        name="tokens"
        columns={columns}
        rows={tokens.data?.items}
        rowKey={(row) => row.id}
        loading={tokens.isFetching}
        error={tokens.error}
        refresh={() => void tokens.refetch()}
        empty={<Nothing text={t('token.none')} />}
        left={
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('token.new')}</Button>
        }
        actionsWidth={90}
        actions={(row) => (
          <Button
            type="link"
            size="small"
            danger
            style={{ paddingInline: 2 }}
            onClick={() => confirm(row)}
          >
            {t('token.revoke')}
          </Button>
        )}
      />
      <NewToken open={adding} close={() => setAdding(false)} onMade={setMade} />
      <Modal
        open={made !== null}
        title={t('token.made')}
        mask={{ closable: false }}
        onCancel={() => setMade(null)}
        footer={<Button type="primary" onClick={() => setMade(null)}>{t('user.link.kept')}</Button>}
        width={520}
      >
        <Alert type="warning" showIcon title={t('token.once')} style={{ marginBottom: 12 }} />
        {made && <div className="heng-card"><CopyText text={made.token} code /></div>}
      </Modal>
    </>
  );
}
