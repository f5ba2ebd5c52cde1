/** A list of a client (contacts, bank accounts …): a table, edited in a drawer. */
import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Card, Drawer, Form, Modal, Space, Table } from 'antd';
import { useState } from 'react';
import type { ClientView, FieldSpec, ListItem, Plain } from '@/api/shapes';
import { inLang, useLang, wordOr } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { allToWire, fromWire } from '@/ui/wire';
import { changesOf } from './conflict';
import type { Values } from './conflict';
import { FieldItems } from './FieldItems';
import { FieldShown } from './FieldShown';
import { useLists, useRemoveItem, useSaveItem } from './queries';
import { WhyField } from './AssignFields';
import { RefusedAlert, refusalsOf } from './refusals';

interface Props {
  client: ClientView;
  list: string;
  fields: FieldSpec[];
}

function startOf(fields: FieldSpec[], item: ListItem | null): Values {
  return Object.fromEntries(
    fields.map((field) => [field.key, fromWire(field, item?.fields[field.key])]),
  );
}

interface EditorProps extends Props {
  title: string;
  item: ListItem | null;
  close: () => void;
}

function Editor({ client, list, fields, item, title, close }: EditorProps) {
  const { lang, t } = useLang();
  const notify = useNotify();
  const { modal } = App.useApp();
  const narrow = useNarrow();
  const save = useSaveItem();
  const [form] = Form.useForm<Values>();
  const start = startOf(fields, item);
  const submit = (again: boolean) => (values: Values) => {
    const changes = changesOf(start, values);
    const sent: Record<string, Plain> = item
      ? changes
      : Object.fromEntries(Object.entries(values).filter(([, v]) => v !== null && v !== undefined));
    save.mutate(
      {
        id: client.id,
        version: client.version,
        list,
        fields: allToWire(fields, sent),
        ...(item ? { item: item.id } : {}),
      },
      {
        onSuccess: () => {
          notify.good(t('action.saved'));
          form.resetFields();
          if (!again) close();
        },
      },
    );
  };
  const leave = () => {
    if (!form.isFieldsTouched()) return close();
    modal.confirm({
      title: t('unsaved.title'),
      content: t('unsaved.drawer'),
      okText: t('unsaved.discard'),
      okButtonProps: { danger: true },
      cancelText: t('unsaved.stay'),
      onOk: close,
    });
  };
  const error = save.error;
  const run = (again: boolean) =>
    void form.validateFields().then(submit(again), () => undefined);
  return (
    <Drawer
      open
      size={narrow ? '100%' : 680}
      title={item ? t('list.edit', { list: title }) : t('list.add', { list: title })}
      onClose={leave}
      footer={
        <Space>
          <Button type="primary" loading={save.isPending} onClick={() => run(false)}>
            {t('action.save')}
          </Button>
          {!item && <Button onClick={() => run(true)}>{t('list.again')}</Button>}
          <Button onClick={leave}>{t('action.cancel')}</Button>
        </Space>
      }
    >
      <RefusedAlert error={error} fields={fields} form={form} />
      <Form form={form} layout="vertical" initialValues={start}>
        <FieldItems
          fields={fields}
          {...(item ? { now: item.fields } : {})}
          refused={refusalsOf(error, fields, lang)}
        />
      </Form>
    </Drawer>
  );
}

interface RemoverProps extends Omit<Props, 'fields'> {
  title: string;
  item: ListItem;
  close: () => void;
}

/** Taking a row away asks why, as an edit does. */
function Remover({ client, list, item, title, close }: RemoverProps) {
  const { t } = useLang();
  const notify = useNotify();
  const remove = useRemoveItem();
  const [form] = Form.useForm<{ why: string }>();
  const submit = ({ why }: { why: string }) =>
    remove.mutate(
      { id: client.id, version: client.version, list, item: item.id, why: why.trim() },
      {
        onSuccess: () => {
          notify.good(t('action.saved'));
          close();
        },
      },
    );
  return (
    <Modal
      open
      title={t('list.remove', { list: title })}
      okText={t('action.delete')}
      okButtonProps={{ danger: true }}
      confirmLoading={remove.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={460}
    >
      <p>{t('list.remove.about')}</p>
      <ProblemAlert error={remove.error} />
      <Form form={form} layout="vertical" onFinish={submit}>
        <WhyField />
      </Form>
    </Modal>
  );
}

export function ItemList({ client, list, fields }: Props) {
  const { lang, t } = useLang();
  const narrow = useNarrow();
  const [removing, setRemoving] = useState<ListItem | null>(null);
  const [editing, setEditing] = useState<{ item: ListItem | null } | null>(null);
  const specs = useLists();
  const spec = specs.data?.find((one) => one.key === list);
  const title = spec ? inLang(lang, spec) : wordOr(t, 'lists', list);
  const items = client.lists[list] ?? [];
  const may = client.may['update'];
  const past = Boolean(client.as_of);
  const allowed = !past && may?.allowed !== false;
  const reason = past ? t('client.past') : may?.reason;
  return (
    <Card
      size="small"
      title={`${title} (${items.length})`}
      styles={{ body: { padding: 0 } }}
      extra={
        <ActionButton
          size="small"
          icon={<PlusOutlined />}
          allowed={allowed}
          reason={reason}
          onClick={() => setEditing({ item: null })}
        >
          {t('action.add')}
        </ActionButton>
      }
    >
      {items.length === 0 ? (
        <Nothing text={t('list.none', { list: title })} />
      ) : (
        <Table<ListItem>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={items}
          scroll={{ x: 'max-content' }}
          columns={[
            ...fields.map((field) => ({
              key: field.key,
              title: inLang(lang, field),
              align: (field.kind === 'money' ? 'end' : 'start') as 'end' | 'start',
              render: (_: unknown, item: ListItem) =>
                field.path === 'contacts.name' && !item.fields[field.key] ? (
                  <span className="heng-quiet">{t('client.contact.unnamed')}</span>
                ) : (
                  <FieldShown
                    client={client.id}
                    spec={field}
                    field={item.fields[field.key]}
                    item={item.id}
                  />
                ),
            })),
            {
              key: 'actions',
              title: t('table.actions'),
              width: 120,
              // On a phone a fixed column would cover what it stands beside.
              fixed: narrow ? undefined : ('end' as const),
              render: (_: unknown, item: ListItem) => (
                <Space size={4}>
                  <ActionButton
                    type="link"
                    size="small"
                    style={{ paddingInline: 2 }}
                    allowed={allowed}
                    reason={reason}
                    onClick={() => setEditing({ item })}
                  >
                    {t('action.edit')}
                  </ActionButton>
                  <ActionButton
                    type="link"
                    size="small"
                    danger
                    style={{ paddingInline: 2 }}
                    allowed={allowed}
                    reason={reason}
                    onClick={() => setRemoving(item)}
                  >
                    {t('action.delete')}
                  </ActionButton>
                </Space>
              ),
            },
          ]}
        />
      )}
      {removing && (
        <Remover
          client={client}
          list={list}
          item={removing}
          title={title}
          close={() => setRemoving(null)}
        />
      )}
      {editing && (
        <Editor
          key={editing.item?.id ?? 'new'}
          client={client}
          list={list}
          fields={fields}
          item={editing.item}
          title={title}
          close={() => setEditing(null)}
        />
      )}
    </Card>
  );
}
