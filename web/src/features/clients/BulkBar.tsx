/** What can be done with the chosen clients, or with all that match the filter. */
import { App, Button, Form, Modal, Progress, Select } from 'antd';
import { useRef, useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { Right } from '@/access/rights';
import type { BulkAnswer, BulkChoice, BulkDeed } from '@/api/clients';
import type { Query } from '@/api/client';
import type { Stage } from '@/api/shapes';
import { useLang, useT } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { AssignFields, WhyField } from './AssignFields';
import type { People } from './AssignFields';
import { STAGES } from './ClientFilters';
import { useBulk } from './queries';

interface Props {
  ids: string[];
  /** How many match the filter; more than are chosen can be taken together. */
  total: number;
  query: Query;
  recycled: boolean;
  clear: () => void;
  onExport: (ids: string[]) => void;
}

interface Values extends People {
  tags?: string[];
  to?: Stage;
  why?: string;
}

type Op = 'assign' | 'tag' | 'advance' | 'recycle' | 'restore';

function deedOf(op: Op, values: Values): BulkDeed {
  const why = (values.why ?? '').trim();
  if (op === 'tag') return { op, tags: values.tags ?? [] };
  if (op === 'advance') return { op, to: values.to ?? 'prospect', why };
  if (op !== 'assign') return { op, why };
  const assign = {
    ...(values.lead ? { lead: values.lead } : {}),
    ...(values.reviewer ? { reviewer: values.reviewer } : {}),
  };
  return { op, why, assign };
}

function Fields({ op }: { op: Op }) {
  const t = useT();
  const required = [{ required: true, message: t('form.required') }];
  if (op === 'tag') {
    return (
      <Form.Item name="tags" label={t('client.tags')} rules={required}>
        <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffixIcon={null} />
      </Form.Item>
    );
  }
  const stages = STAGES.map((stage) => ({ value: stage, label: t(`stage.${stage}`) }));
  return (
    <>
      {op === 'assign' && <AssignFields />}
      {op === 'advance' && (
        <Form.Item name="to" label={t('stage.to')} rules={required}>
          <Select options={stages} />
        </Form.Item>
      )}
      <WhyField />
    </>
  );
}

/** Those that it was not done to, each with its reason. */
function Refused({ failed }: { failed: BulkAnswer['failed'] }) {
  const { lang, t } = useLang();
  return (
    <ul style={{ maxHeight: 240, overflow: 'auto', paddingInlineStart: 18, margin: 0 }}>
      {failed.map((one) => (
        <li key={one.id}>
          {one.name ?? t('bulk.unknown')}
          <div className="heng-quiet">{lang === 'en' ? one.detail_en : one.detail}</div>
        </li>
      ))}
    </ul>
  );
}

/** Does a deed block after block, as long as there is more and nobody stops it. */
function useDeed() {
  const bulk = useBulk();
  const stopped = useRef(false);
  const [seen, setSeen] = useState(0);
  const run = async (choice: BulkChoice, deed: BulkDeed, partly: boolean): Promise<BulkAnswer> => {
    stopped.current = false;
    setSeen(0);
    const all: BulkAnswer = { done: 0, unchanged: 0, failed: [], next: null };
    let next: string | null = null;
    do {
      const from: BulkChoice = next && 'matching' in choice ? { ...choice, after: next } : choice;
      const answer: BulkAnswer = await bulk.mutateAsync({ ...from, ...deed, partly });
      all.done += answer.done;
      all.unchanged += answer.unchanged;
      all.failed.push(...answer.failed);
      setSeen(all.done + all.unchanged + all.failed.length);
      next = answer.next;
    } while (next && !stopped.current);
    return all;
  };
  const stop = () => {
    stopped.current = true;
  };
  return { run, stop, seen, busy: bulk.isPending, error: bulk.error, reset: bulk.reset };
}

export function BulkBar({ ids, total, query, recycled, clear, onExport }: Props) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const { modal } = App.useApp();
  const work = useDeed();
  const [op, setOp] = useState<Op | null>(null);
  const [everything, setEverything] = useState(false);
  const [form] = Form.useForm<Values>();
  const count = everything ? Math.max(total, ids.length) : ids.length;
  const start = (next: Op) => {
    work.reset();
    setOp(next);
  };
  const finish = (answer: BulkAnswer) => {
    setOp(null);
    setEverything(false);
    clear();
    if (answer.failed.length === 0) {
      notify.good(t('bulk.done', { count: answer.done + answer.unchanged }));
      return;
    }
    modal.warning({
      title: t('bulk.partly', { done: answer.done, refused: answer.failed.length }),
      content: <Refused failed={answer.failed} />,
    });
  };
  const submit = async (values: Values) => {
    if (!op) return;
    const deed = deedOf(op, values);
    const choice: BulkChoice = everything ? { matching: query } : { ids };
    const answer = await work.run(choice, deed, everything);
    const others = ids.length - answer.failed.length;
    if (everything || answer.failed.length === 0) return finish(answer);
    // Nothing was done yet: some are refused, and the person says what becomes of the others.
    modal.confirm({
      title: t('bulk.refused', { count: answer.failed.length }),
      content: <Refused failed={answer.failed} />,
      okText: t('bulk.others', { count: others }),
      okButtonProps: { disabled: others === 0 },
      onOk: () => work.run(choice, deed, true).then(finish, notify.bad),
    });
  };
  const lacks = (right: string) => t('page.403.missing') + right;
  const action = (name: Op, right: Right, danger = false) => (
    <ActionButton
      size="small"
      danger={danger}
      allowed={can(right)}
      reason={lacks(right)}
      onClick={() => start(name)}
    >
      {t(`bulk.${name}`)}
    </ActionButton>
  );
  return (
    <>
      <span>{t(everything ? 'bulk.matching' : 'bulk.chosen', { count })}</span>
      <Button
        type="link"
        size="small"
        onClick={() => {
          setEverything(false);
          clear();
        }}
      >
        {t('bulk.clear')}
      </Button>
      {!everything && total > ids.length && (
        <Button type="link" size="small" onClick={() => setEverything(true)}>
          {t('bulk.everything', { count: total })}
        </Button>
      )}
      {recycled ? (
        action('restore', RIGHTS.restoreClient)
      ) : (
        <>
          {action('assign', RIGHTS.assignClient)}
          {action('tag', RIGHTS.tagClient)}
          {action('advance', RIGHTS.advanceClient)}
          {!everything && (
            <ActionButton
              size="small"
              allowed={can(RIGHTS.exportClients)}
              reason={lacks(RIGHTS.exportClients)}
              onClick={() => onExport(ids)}
            >
              {t('client.export')}
            </ActionButton>
          )}
          {action('recycle', RIGHTS.recycleClient, true)}
        </>
      )}
      <Modal
        open={op !== null}
        title={op ? t(`bulk.${op}.title`, { count }) : ''}
        okText={op === 'recycle' ? t('bulk.recycle') : t('action.confirm')}
        okButtonProps={{ danger: op === 'recycle' }}
        cancelText={work.busy && everything ? t('bulk.stop') : t('action.cancel')}
        confirmLoading={work.busy}
        onOk={() => form.submit()}
        onCancel={() => {
          work.stop();
          if (!work.busy) setOp(null);
        }}
        width={460}
        destroyOnHidden
      >
        {op === 'recycle' && <p>{t('bulk.recycle.about')}</p>}
        {everything && <p>{t('bulk.everything.about')}</p>}
        {everything && work.busy && (
          <Progress percent={Math.min(99, Math.floor((work.seen * 100) / Math.max(count, 1)))} />
        )}
        <ProblemAlert error={work.error} />
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          onFinish={(values) => void submit(values).catch(() => undefined)}
        >
          {op && <Fields op={op} />}
        </Form>
      </Modal>
    </>
  );
}
