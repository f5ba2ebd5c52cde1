/** Editing the fields of one section. */
import { Button, Form, Input } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useMe } from '@/access/me';
import { readClient } from '@/api/clients';
import { Problem } from '@/api/client';
import type { ChangedField, ClientView, FieldSpec } from '@/api/shapes';
import { useLang } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { UnsavedGuard } from '@/ui/UnsavedGuard';
import { allToWire, fromWire } from '@/ui/wire';
import { ConflictDialog } from './ConflictDialog';
import { changesOf, mergeEdits } from './conflict';
import type { Merge, Values } from './conflict';
import { keepDraft, keepable, readDraft } from './drafts';
import { FieldItems } from './FieldItems';
import { useUpdateClient } from './queries';
import { RefusedAlert, refusalsOf } from './refusals';

interface Props {
  client: ClientView;
  fields: FieldSpec[];
  section: string;
  close: () => void;
}

interface Conflict {
  merge: Merge;
  version: number;
  changed: ChangedField[];
}

const WHY = '_why';

/** The values that a form starts from; a masked value is never put into an input. */
export function startValues(client: ClientView, fields: FieldSpec[]): Values {
  return Object.fromEntries(
    fields.map((field) => [field.key, fromWire(field, client.fields[field.key])]),
  );
}

export function SectionForm({ client, fields, section, close }: Props) {
  const { lang, t } = useLang();
  const me = useMe();
  const notify = useNotify();
  const save = useUpdateClient();
  const [form] = Form.useForm<Values>();
  // The start stays what it was when the form opened, whatever is fetched meanwhile.
  const [start] = useState(() => ({
    version: client.version,
    values: startValues(client, fields),
  }));
  const draft = useMemo(
    () => readDraft(me.id, client.id, section),
    [me.id, client.id, section],
  );
  const [dirty, setDirty] = useState(draft !== null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const version = draft?.version ?? start.version;

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [form]);

  const edits = (): Values => {
    const { [WHY]: _why, ...values } = form.getFieldsValue();
    return changesOf(start.values, values);
  };
  const changed = () => {
    const values = edits();
    setDirty(Object.keys(values).length > 0);
    keepDraft(me.id, client.id, section, { version, values: keepable(values, fields) });
  };
  const done = () => {
    keepDraft(me.id, client.id, section, null);
    setDirty(false);
    notify.good(t('action.saved'));
    close();
  };
  const askBoth = async (problem: Problem) => {
    const now = await readClient(client.id);
    const merge = mergeEdits(start.values, edits(), startValues(now, fields));
    const list = problem.body['changed'];
    setConflict({
      merge,
      version: now.version,
      changed: Array.isArray(list) ? (list as ChangedField[]) : [],
    });
  };
  const send = (values: Values, at: number) => {
    const why = String(form.getFieldValue(WHY) ?? '').trim();
    if (Object.keys(values).length === 0) {
      done();
      return;
    }
    save.mutate(
      { id: client.id, version: at, fields: allToWire(fields, values), why },
      {
        onSuccess: done,
        onError: (error) => {
          const stale = error instanceof Problem && (error.status === 412 || error.status === 409);
          if (stale && error.code.includes('stale')) askBoth(error).catch(notify.bad);
        },
      },
    );
  };
  const drop = () => {
    keepDraft(me.id, client.id, section, null);
    setDirty(false);
    close();
  };
  const error = conflict ? null : save.error;
  return (
    <>
      <UnsavedGuard dirty={dirty} />
      <RefusedAlert error={error} fields={fields} form={form} />
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ ...start.values, ...draft?.values }}
        onValuesChange={changed}
        onFinish={() => send(edits(), version)}
        scrollToFirstError={{ focus: true, block: 'center' }}
      >
        <FieldItems
          fields={fields}
          now={client.fields}
          findings={client.findings}
          refused={refusalsOf(error, fields, lang)}
        />
        <Form.Item
          name={WHY}
          label={t('form.why')}
          style={{ maxWidth: 960 }}
          rules={[{ required: true, whitespace: true, message: t('form.why.needed') }]}
        >
          <Input maxLength={200} placeholder={t('form.why.hint')} />
        </Form.Item>
        <div className="heng-toolbar">
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t('action.save')}
          </Button>
          <Button onClick={drop}>{t('action.cancel')}</Button>
          <span className="heng-quiet">{t('form.keys')}</span>
        </div>
      </Form>
      {conflict && (
        <ConflictDialog
          merge={conflict.merge}
          changed={conflict.changed}
          fields={fields}
          cancel={() => setConflict(null)}
          save={(values) => {
            const at = conflict.version;
            setConflict(null);
            send(values, at);
          }}
        />
      )}
    </>
  );
}
