/** Warns before leaving a form that holds changes. */
import { useBlocker } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useT } from '@/i18n/lang';

interface Props {
  dirty: boolean;
  /** What becomes of the changes, where they are not kept as a draft. */
  text?: string;
}

export function UnsavedGuard({ dirty, text }: Props) {
  const t = useT();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <Modal
      open={blocker.status === 'blocked'}
      title={t('unsaved.title')}
      okText={t('unsaved.leave')}
      okButtonProps={{ danger: true }}
      cancelText={t('unsaved.stay')}
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
      width={420}
    >
      {text ?? t('unsaved.text')}
    </Modal>
  );
}
