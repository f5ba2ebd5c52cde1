/** What can be done with the chosen clients. */
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { BulkOrder } from '@/api/clients';
import { useT } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNotify } from '@/ui/notify';
import { PersonSelect } from '@/ui/PersonSelect';
import { ProblemAlert } from '@/ui/problems';
import { useBulk } from './queries';

interface Props {
  ids: string[];
  recycled: boolean;
  clear: () => void;
  onExport: (ids: string[]) => void;
}

interface Values {
  lead?: string;
  reviewer?: string;
  tags?: string[];
  why?: string;
}

type Op = 'assign' | 'tag' | 'recycle' | 'restore';

function orderOf(op: Op, ids: string[], values: Values): BulkOrder {
  if (op === 'tag') return { ids, op, tags: values.tags ?? [] };
  if (op !== 'assign') return { ids, op, why: values.why ?? '' };
  return {
    ids,
    op,
    why: values.why ?? '',
    assign: {
      ...(values.lead ? { lead: values.lead } : {}),
      ...(values.reviewer ? { reviewer: values.reviewer } : {}),
    },
  };
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
  return (
    <>
      {op === 'assign' && (
        <>
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
        </>
      )}
      <Form.Item name="why" label={t('form.why')} rules={required}>
        <Input.TextArea rows={2} className="heng-long" maxLength={200} />
      </Form.Item>
    </>
  );
}

export function BulkBar({ ids, recycled, clear, onExport }: Props) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const { modal } = App.useApp();
  const bulk = useBulk();
  const [op, setOp] = useState<Op | null>(null);
  const [form] = Form.useForm<Values>();
  const start = (next: Op) => {
    bulk.reset();
    setOp(next);
  };
  const submit = (values: Values) => {
    if (!op) return;
    bulk.mutate(orderOf(op, ids, values), {
      onSuccess: (answer) => {
        setOp(null);
        clear();
        const refused = answer.failed;
        if (refused.length === 0) {
          notify.good(t('bulk.done', { count: answer.done }));
          return;
        }
        modal.warning({
          title: t('bulk.partly', { done: answer.done, refused: refused.length }),
          content: [...new Set(refused.map((one) => one.detail))].map((text) => (
            <div key={text}>{text}</div>
          )),
        });
      },
    });
  };
  const lacks = (right: string) => t('page.403.missing') + right;
  const dialog = (
    <Modal
      open={op !== null}
      title={op ? t(`bulk.${op}.title`, { count: ids.length }) : ''}
      okText={op === 'recycle' ? t('bulk.recycle') : t('action.confirm')}
      okButtonProps={{ danger: op === 'recycle' }}
      confirmLoading={bulk.isPending}
      onOk={() => form.submit()}
      onCancel={() => setOp(null)}
      width={460}
      destroyOnHidden
    >
      {op === 'recycle' && <p>{t('bulk.recycle.about')}</p>}
      <ProblemAlert error={bulk.error} />
      <Form form={form} layout="vertical" preserve={false} onFinish={submit}>
        {op && <Fields op={op} />}
      </Form>
    </Modal>
  );
  const chosen = (
    <>
      <span>{t('bulk.chosen', { count: ids.length })}</span>
      <Button type="link" size="small" onClick={clear}>{t('bulk.clear')}</Button>
    </>
  );
  if (recycled) {
    return (
      <>
        {chosen}
        <ActionButton
          size="small"
          allowed={can(RIGHTS.restoreClient)}
          reason={lacks(RIGHTS.restoreClient)}
          onClick={() => start('restore')}
        >
          {t('bulk.restore')}
        </ActionButton>
        {dialog}
      </>
    );
  }
  return (
    <>
      {chosen}
      <ActionButton
        size="small"
        allowed={can(RIGHTS.assignClient)}
        reason={lacks(RIGHTS.assignClient)}
        onClick={() => start('assign')}
      >
        {t('bulk.assign')}
      </ActionButton>
      <ActionButton
        size="small"
        allowed={can(RIGHTS.tagClient)}
        reason={lacks(RIGHTS.tagClient)}
        onClick={() => start('tag')}
      >
        {t('bulk.tag')}
      </ActionButton>
      <ActionButton
        size="small"
        allowed={can(RIGHTS.exportClients)}
        reason={lacks(RIGHTS.exportClients)}
        onClick={() => onExport(ids)}
      >
        {t('client.export')}
      </ActionButton>
      <ActionButton
        size="small"
        danger
        allowed={can(RIGHTS.recycleClient)}
        reason={lacks(RIGHTS.recycleClient)}
        onClick={() => start('recycle')}
      >
        {t('bulk.recycle')}
      </ActionButton>
      {dialog}
    </>
  );
}
