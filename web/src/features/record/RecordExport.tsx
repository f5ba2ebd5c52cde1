/** Exporting what the filters of the record show; a purpose is needed. */
import { useMutation } from '@tanstack/react-query';
import { Form, Modal, Select } from 'antd';
import { exportRecord } from '@/api/record';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused, useProof } from '@/ui/Proof';
import { useExportPurposes } from '@/ui/purposes';

const USUAL = ['audit', 'supervision', 'report'] as const;

interface Props {
  open: boolean;
  close: () => void;
  search: Record<string, string>;
}

export function RecordExport({ open, close, search }: Props) {
  const t = useT();
  const notify = useNotify();
  const withProof = useProof();
  const [form] = Form.useForm<{ purpose: string }>();
  const offered = useExportPurposes(USUAL);
  const run = useMutation({
    mutationFn: ({ purpose }: { purpose: string }) => {
      const { cursor: _cursor, limit: _limit, ...filters } = search;
      return withProof(() => exportRecord({ ...filters, purpose }));
    },
    onSuccess: () => {
      notify.good(t('export.done'));
      close();
    },
  });
  const error = run.error instanceof ProofRefused ? null : run.error;
  return (
    <Modal
      open={open}
      title={t('record.export')}
      okText={t('client.export')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={() => {
        run.reset();
        close();
      }}
      width={420}
      destroyOnHidden
    >
      <ProblemAlert error={error} />
      <Form
        form={form}
        layout="vertical"
        preserve={false}
        onFinish={(values: { purpose: string }) => run.mutate(values)}
      >
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
