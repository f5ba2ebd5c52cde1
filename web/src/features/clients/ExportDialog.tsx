/** Export with a purpose: what is masked here is masked in the file. */
import { useMutation } from '@tanstack/react-query';
import { Alert, Form, Modal, Radio, Select, Switch } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { exportClients } from '@/api/clients';
import type { Query } from '@/api/client';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused, useProof } from '@/ui/Proof';
import { useExportPurposes } from '@/ui/purposes';
import { filtersOf, useRequestExport } from './exports/queries';

interface Values {
  format?: string;
  purpose: string;
  unmasked?: boolean;
}

interface Props {
  query: Query;
  /** Null closes; an empty list exports the whole query. */
  ids: string[] | null;
  close: () => void;
}

export function ExportDialog({ query, ids, close }: Props) {
  const t = useT();
  const notify = useNotify();
  const offered = useExportPurposes();
  const withProof = useProof();
  const [form] = Form.useForm<Values>();
  const can = useCan();
  const unmasked = Form.useWatch('unmasked', form) ?? false;
  const request = useRequestExport();
  const run = useMutation({
    mutationFn: ({ format, purpose }: Values) => {
      const { cursor: _cursor, count: _count, ...filters } = query;
      const some = ids && ids.length > 0 ? { ids: ids.join(',') } : {};
      return withProof(() => exportClients({ ...filters, ...some, format, purpose }));
    },
    onSuccess: () => {
      notify.good(t('export.done'));
      close();
    },
  });
  const submit = (values: Values) => {
    if (!values.unmasked) return run.mutate(values);
    request.mutate(
      { filters: filtersOf(query), ids: ids ?? [], purpose: values.purpose },
      {
        onSuccess: () => {
          notify.good(t('export.unmasked.done'));
          close();
        },
      },
    );
  };
  const failed = unmasked ? request.error : run.error;
  const error = failed instanceof ProofRefused ? null : failed;
  return (
    <Modal
      open={ids !== null}
      title={ids?.length ? t('export.some', { count: ids.length }) : t('export.title')}
      okText={t(unmasked ? 'export.unmasked.run' : 'client.export')}
      confirmLoading={run.isPending || request.isPending}
      onOk={() => form.submit()}
      onCancel={() => {
        run.reset();
        request.reset();
        close();
      }}
      width={460}
      destroyOnHidden
    >
      <Alert
        type={unmasked ? 'warning' : 'info'}
        showIcon
        title={t(unmasked ? 'export.unmasked.note' : 'export.note')}
        style={{ marginBottom: 16 }}
      />
      <ProblemAlert error={error} />
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        initialValues={{ format: 'xlsx' }}
        onFinish={submit}
      >
        {can(RIGHTS.requestExport) && (
          <Form.Item>
            <label style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
              <Form.Item name="unmasked" valuePropName="checked" noStyle>
                <Switch size="small" />
              </Form.Item>
              {t('export.unmasked')}
            </label>
          </Form.Item>
        )}
        {!unmasked && (
          <Form.Item name="format" label={t('export.format')}>
            <Radio.Group
              options={[
                { value: 'xlsx', label: 'Excel (.xlsx)' },
                { value: 'csv', label: 'CSV (UTF-8)' },
              ]}
            />
          </Form.Item>
        )}
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
