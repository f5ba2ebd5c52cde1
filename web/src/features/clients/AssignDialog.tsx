/** 负责人 and 复核人 of a client: two different people. */
import { Form, Modal } from 'antd';
import type { ClientView } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { AssignFields, WhyField } from './AssignFields';
import type { People } from './AssignFields';
import { useAssign } from './queries';

interface Values extends People {
  why?: string;
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
      why: (values.why ?? '').trim(),
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
        <AssignFields />
        <WhyField />
      </Form>
    </Modal>
  );
}
