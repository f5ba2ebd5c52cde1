/** 核验证件号: is the number that I hold the one on file? Only yes or no comes back. */
import { SafetyOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { verifyField } from '@/api/clients';
import { useT } from '@/i18n/lang';
import { ProblemAlert } from '@/ui/problems';
import { useProof } from '@/ui/Proof';

interface Props {
  client: string;
  field: string;
  label: string;
}

export function VerifyButton({ client, field, label }: Props) {
  const t = useT();
  const withProof = useProof();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<{ value: string }>();
  const check = useMutation({
    mutationFn: (value: string) => withProof(() => verifyField(client, field, value)),
    gcTime: 0,
  });
  const close = () => {
    check.reset();
    setOpen(false);
  };
  return (
    <>
      <Button
        type="link"
        size="small"
        style={{ paddingInline: 4 }}
        icon={<SafetyOutlined />}
        onClick={() => setOpen(true)}
      >
        {t('verify.open')}
      </Button>
      <Modal
        open={open}
        title={t('verify.title', { field: label })}
        okText={t('verify.run')}
        cancelText={t('action.close')}
        confirmLoading={check.isPending}
        onOk={() => form.submit()}
        onCancel={close}
        width={420}
        destroyOnHidden
      >
        <p className="heng-quiet" style={{ marginTop: 0 }}>{t('verify.about')}</p>
        <ProblemAlert error={check.error} />
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          onValuesChange={() => check.reset()}
          onFinish={({ value }: { value: string }) => check.mutate(value.trim())}
        >
          <Form.Item
            name="value"
            label={label}
            rules={[{ required: true, whitespace: true, message: t('form.required') }]}
          >
            <Input autoFocus autoComplete="off" maxLength={24} className="heng-code" />
          </Form.Item>
        </Form>
        {check.data && (
          <Alert
            showIcon
            type={check.data.match ? 'success' : 'error'}
            title={check.data.match ? t('verify.match') : t('verify.nomatch')}
          />
        )}
      </Modal>
    </>
  );
}
