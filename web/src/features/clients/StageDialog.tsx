/** A step in the life of a client, with its reason. */
import { Form, Input, Modal, Radio } from 'antd';
import type { ClientView, Stage } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { StageTag } from '@/ui/tags';
import { useChangeStage } from './queries';
import { STAGES } from './ClientFilters';

export function StageDialog({ client, close }: { client: ClientView; close: () => void }) {
  const t = useT();
  const notify = useNotify();
  const change = useChangeStage();
  const [form] = Form.useForm<{ to: Stage; why: string }>();
  const options = STAGES.filter((stage) => stage !== client.stage && client.may[stage]);
  const submit = ({ to, why }: { to: Stage; why: string }) =>
    change.mutate(
      { id: client.id, version: client.version, to, why: why.trim() },
      {
        onSuccess: () => {
          notify.good(t('stage.done', { stage: t(`stage.${to}`) }));
          close();
        },
      },
    );
  return (
    <Modal
      open
      title={t('stage.title')}
      okText={t('action.confirm')}
      confirmLoading={change.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={460}
    >
      <ProblemAlert error={change.error} />
      <p>
        {t('stage.now')} <StageTag stage={client.stage} />
      </p>
      <Form form={form} layout="vertical" onFinish={submit}>
        <Form.Item
          name="to"
          label={t('stage.to')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Radio.Group
            vertical
            options={options.map((value) => {
              const may = client.may[value];
              return {
                value,
                disabled: !may?.allowed,
                label: may?.reason ? `${t(`stage.${value}`)} · ${may.reason}` : t(`stage.${value}`),
              };
            })}
          />
        </Form.Item>
        <Form.Item
          name="why"
          label={t('form.why')}
          rules={[{ required: true, whitespace: true, message: t('form.why.needed') }]}
        >
          <Input.TextArea rows={2} className="heng-long" maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
