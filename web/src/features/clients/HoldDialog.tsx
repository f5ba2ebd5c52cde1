/** Legal hold, its release and final removal: each says why, and two people end things. */
import { Alert, Form, Modal } from 'antd';
import type { ClientView } from '@/api/shapes';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { WhyField } from './AssignFields';
import { useHold } from './queries';

export type HoldStep = 'hold' | 'release' | 'removal';

interface Props {
  client: ClientView;
  step: HoldStep;
  close: () => void;
  onRemoved: () => void;
}

export function HoldDialog({ client, step, close, onRemoved }: Props) {
  const t = useT();
  const notify = useNotify();
  const work = useHold();
  const [form] = Form.useForm<{ why: string }>();
  const asked =
    step === 'release' ? client.hold?.release_by : step === 'removal' && client.removal?.asked_by;
  const submit = ({ why }: { why?: string }) =>
    work.mutate(
      { id: client.id, step, why: (why ?? '').trim() },
      {
        onSuccess: (removed) => {
          notify.good(t(step !== 'hold' && !asked ? 'hold.asked' : `hold.${step}.done`));
          if (removed) onRemoved();
          else close();
        },
      },
    );
  return (
    <Modal
      open
      title={t(`hold.${step}`)}
      okText={t('action.confirm')}
      okButtonProps={{ danger: step === 'removal' }}
      confirmLoading={work.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={460}
    >
      <p>{t(`hold.${step}.about`)}</p>
      {asked && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('hold.second', { name: asked })}
          description={step === 'release' ? client.hold?.release_why : client.removal?.why}
        />
      )}
      <ProblemAlert error={work.error} />
      <Form form={form} layout="vertical" onFinish={submit}>
        {!asked && <WhyField />}
      </Form>
    </Modal>
  );
}

/** What keeps the client, or when it may go, above its page. */
export function HoldBanner({ client }: { client: ClientView }) {
  const t = useT();
  const { hold, removal } = client;
  const style = { marginBottom: 12 };
  return (
    <>
      {hold && (
        <Alert
          type="warning"
          showIcon
          style={style}
          title={t('hold.on', { by: hold.by, day: formatInstant(hold.since) })}
          description={
            hold.release_by
              ? `${hold.why} · ${t('hold.releasing', { by: hold.release_by })}`
              : hold.why
          }
        />
      )}
      {removal && (
        <Alert
          type="info"
          showIcon
          style={style}
          title={t(removal.open ? 'removal.open' : 'removal.due', { day: removal.due })}
          description={removal.asked_by ? t('removal.asked', { by: removal.asked_by }) : undefined}
        />
      )}
    </>
  );
}
