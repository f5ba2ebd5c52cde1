/** Export with a purpose: what is masked here is masked in the file. */
import { useMutation } from '@tanstack/react-query';
import { Alert, Form, Modal, Radio, Select } from 'antd';
import { useMe } from '@/access/me';
import { exportClients } from '@/api/clients';
import type { Query } from '@/api/client';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused, useProof } from '@/ui/Proof';

const USUAL = ['report', 'handover', 'supervision', 'audit'] as const;

interface Props {
  query: Query;
  /** Null closes; an empty list exports the whole query. */
  ids: string[] | null;
  close: () => void;
}

export function ExportDialog({ query, ids, close }: Props) {
  const t = useT();
  const notify = useNotify();
  const me = useMe();
  const offered = me.purposes?.export ?? USUAL.map((key) => t(`purpose.${key}`));
  const withProof = useProof();
  const [form] = Form.useForm<{ format: string; purpose: string }>();
  const run = useMutation({
    mutationFn: (values: { format: string; purpose: string }) => {
      const { cursor: _cursor, count: _count, ...filters } = query;
      const some = ids && ids.length > 0 ? { ids: ids.join(',') } : {};
      return withProof(() => exportClients({ ...filters, ...some, ...values }));
    },
    onSuccess: () => {
      notify.good(t('export.done'));
      close();
    },
  });
  const error = run.error instanceof ProofRefused ? null : run.error;
  return (
    <Modal
      open={ids !== null}
      title={ids?.length ? t('export.some', { count: ids.length }) : t('export.title')}
      okText={t('client.export')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={() => {
        run.reset();
        close();
      }}
      width={460}
      destroyOnHidden
    >
      <Alert type="info" showIcon title={t('export.note')} style={{ marginBottom: 16 }} />
      <ProblemAlert error={error} />
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ format: 'xlsx' }}
        onFinish={(values: { format: string; purpose: string }) => run.mutate(values)}
      >
        <Form.Item name="format" label={t('export.format')}>
          <Radio.Group
            options={[
              { value: 'xlsx', label: 'Excel (.xlsx)' },
              { value: 'csv', label: 'CSV (UTF-8)' },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="purpose"
          label={t('sealed.purpose')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select
            placeholder={t('form.choose')}
            options={offered.map((value) => ({ value, label: value }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
