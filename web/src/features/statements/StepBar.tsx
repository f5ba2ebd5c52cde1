/** The steps of a set from draft to approved; each is disabled with the server's reason. */
import { App, Steps } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import type { SetState, SetView, SignedBy, Step } from '@/api/statementShapes';
import type { SetAt } from '@/api/statements';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { useReason } from './parts';
import { useAdvance } from './queries';

const STATES: SetState[] = ['draft', 'submitted', 'reviewed', 'approved'];

export function StepBar({ at, view }: { at: SetAt; view: SetView }) {
  const t = useT();
  const narrow = useNarrow();
  const notify = useNotify();
  const navigate = useNavigate();
  const { modal } = App.useApp();
  const reason = useReason();
  const advance = useAdvance();
  const take = (step: Step) =>
    advance.mutate(
      { at, version: view.version, step },
      { onSuccess: () => notify.good(t(`st.done.${step}`)), onError: notify.bad },
    );
  const ask = (step: Step) =>
    modal.confirm({
      title: t(`st.do.${step}`),
      content: t(step === 'reopen' ? 'st.ask.reopen' : 'st.ask.send_back'),
      okText: t(`st.do.${step}`),
      cancelText: t('action.cancel'),
      onOk: () => take(step),
    });
  const may = (what: string) => view.may[what];
  const here = STATES.indexOf(view.state);
  const button = (step: Step, primary = false) => (
    <ActionButton
      key={step}
      type={primary ? 'primary' : 'default'}
      allowed={may(step)?.allowed}
      reason={reason(may(step))}
      loading={advance.isPending && advance.variables?.step === step}
      onClick={() => (step === 'send_back' || step === 'reopen' ? ask(step) : take(step))}
    >
      {t(`st.do.${step}`)}
    </ActionButton>
  );
  const correcting = view.first_submitted !== null;
  const edit = may(correcting ? 'correct' : 'import');
  const next: Step = (['submit', 'review', 'approve', 'approve'] as const)[here] ?? 'submit';
  const who = (signed: SignedBy | null, done: boolean) =>
    done && signed ? `${signed.name} ${formatInstant(signed.at)}` : undefined;
  return (
    <section className="heng-panel" style={{ padding: '10px 16px', marginBottom: 12 }}>
      <Steps
        size="small"
        current={here}
        orientation={narrow ? 'vertical' : 'horizontal'}
        items={[
          { title: t('st.state.draft'), content: who(view.prepared, true) },
          { title: t('st.state.submitted'), content: who(view.submitted, here >= 1) },
          { title: t('st.state.reviewed'), content: who(view.reviewed, here >= 2) },
          { title: t('st.state.approved'), content: who(view.approved, here >= 3) },
        ]}
      />
      <div className="heng-toolbar" style={{ marginTop: 10 }}>
        {(['submit', 'review', 'approve'] as const).map((step) => button(step, step === next))}
        {button('send_back')}
        {button('reopen')}
        {view.kind === 'FS' && (
          <ActionButton
            allowed={edit?.allowed}
            reason={reason(edit)}
            onClick={() =>
              void navigate({
                to: '/clients/$id/statements/$kind/$period/edit',
                params: { id: at.client, kind: at.kind, period: at.period },
              })
            }
          >
            {t(correcting ? 'st.do.correct' : 'action.edit')}
          </ActionButton>
        )}
      </div>
    </section>
  );
}
