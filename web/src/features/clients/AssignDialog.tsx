/** 负责人 and 复核人 of a client: two different people. */
import { Form, Modal } from 'antd';
import type { ClientView } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { PersonSelect } from '@/ui/PersonSelect';
import { ProblemAlert } from '@/ui/problems';
import { useAssign } from './queries';

interface Values {
  lead?: string;
  reviewer?: string;
}

export function AssignDialog({ client, close }: { client: ClientView; close: () => void }) {
  const t = useT();
  const notify = useNotify();
  const assign = useAssign();
  const [form] = Form.useForm<Values>();
  const submit = (values: Values) => {
    const body = {
      lead: values.lead ?? null,
      reviewer: values.reviewer ?? null,
    };
    assign.mutate(
      { id: client.id, version: client.version, body },
      {
        onSuccess: () => {
          notify.good(t('action.saved'));
          close();
        },
      },
    );
  };
  return (
    <Modal
      open
      title={t('assign.title')}
      okText={t('action.save')}
      confirmLoading={assign.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={460}
    >
      <ProblemAlert error={assign.error} />
      <Form
        form={form}
        layout="vertical"
        initialValues={{ lead: client.lead?.id, reviewer: client.reviewer?.id }}
        onFinish={submit}
      >
        <Form.Item name="lead" label={t('client.lead')}>
          <PersonSelect />
        </Form.Item>
        <Form.Item
          name="reviewer"
          label={t('client.reviewer')}
          dependencies={['lead']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_rule, value: unknown) =>
                value && value === getFieldValue('lead')
                  ? Promise.reject(new Error(t('assign.same')))
                  : Promise.resolve(),
            }),
          ]}
        >
          <PersonSelect />
        </Form.Item>
      </Form>
    </Modal>
  );
}
