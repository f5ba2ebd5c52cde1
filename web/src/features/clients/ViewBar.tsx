/** Saved views: 全部 / 我的 / 本组 / 待分配, and those that people saved. */
import { MoreOutlined, SaveOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Checkbox, Dropdown, Form, Input, Modal, Tabs } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { SavedView } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import type { ListSearch, Put } from './ClientFilters';
import { useRemoveView, useSaveView, useViews } from './queries';

export const BUILT_IN = ['', 'mine', 'team', 'unassigned', 'recycled'] as const;
const KEPT = ['q', 'stage', 'tag', 'lead', 'department', 'sort'] as const;

interface Props {
  search: ListSearch;
  put: Put;
}

interface DialogProps {
  open: boolean;
  close: () => void;
  search: ListSearch;
}

function SaveDialog({ open, close, search }: DialogProps) {
  const t = useT();
  const notify = useNotify();
  const save = useSaveView();
  const [form] = Form.useForm<{ name: string; shared?: boolean }>();
  const submit = (values: { name: string; shared?: boolean }) => {
    const params = new URLSearchParams();
    for (const key of KEPT) {
      const value = search[key];
      if (value) params.set(key, value);
    }
    if (search.view && BUILT_IN.some((view) => view === search.view)) {
      params.set('view', search.view);
    }
    const shared = values.shared ?? false;
    save.mutate(
      { name: values.name.trim(), shared, query: params.toString() },
      {
        onSuccess: () => {
          notify.good(t('view.saved'));
          close();
        },
        onError: notify.bad,
      },
    );
  };
  return (
    <Modal
      open={open}
      title={t('view.save')}
      okText={t('action.save')}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      width={400}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" onFinish={submit} preserve={false}>
        <Form.Item
          name="name"
          label={t('view.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={40} />
        </Form.Item>
        <Form.Item name="shared" valuePropName="checked" extra={t('view.shared.about')}>
          <Checkbox>{t('view.shared')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function ViewBar({ search, put }: Props) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const { modal } = App.useApp();
  const navigate = useNavigate({ from: '/clients' });
  const views = useViews();
  const remove = useRemoveView();
  const [saving, setSaving] = useState(false);
  const saved = views.data?.items ?? [];
  const builtIn = BUILT_IN.filter((v) => v !== 'recycled' || can(RIGHTS.restoreClient));
  const current = saved.find((view) => view.id === search.view);
  const label = (view: SavedView) =>
    view.shared ? `${view.name} · ${t('view.common')}` : view.name;
  const choose = (key: string) => {
    const found = saved.find((view) => view.id === key);
    if (found) {
      const query = Object.fromEntries(new URLSearchParams(found.query));
      void navigate({ search: { ...query, view: found.id } });
    } else {
      put({ view: key || undefined });
    }
  };
  const confirmRemove = (view: SavedView) =>
    modal.confirm({
      title: t('view.remove', { name: view.name }),
      okText: t('action.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync(view.id)
          .then(() => put({ view: undefined }))
          .catch(notify.bad),
    });
  const known = BUILT_IN.some((view) => view === (search.view ?? '')) || current;
  return (
    <>
      <div className="heng-tabs">
        <Tabs
          size="small"
          activeKey={known ? (search.view ?? '') : ''}
          onChange={choose}
          tabBarStyle={{ marginBottom: 12 }}
          items={[
            ...builtIn.map((view) => ({ key: view, label: t(`view.${view || 'all'}`) })),
            ...saved.map((view) => ({ key: view.id, label: label(view) })),
          ]}
        />
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'save', icon: <SaveOutlined />, label: t('view.save') },
              ...(current && (current.may_delete ?? current.own !== false)
                ? [{ key: 'remove', danger: true, label: t('view.delete') }]
                : []),
            ],
            onClick: ({ key }) => {
              if (key === 'save') setSaving(true);
              else if (current) confirmRemove(current);
            },
          }}
        >
          <Button type="text" icon={<MoreOutlined />} aria-label={t('view.save')} />
        </Dropdown>
      </div>
      <SaveDialog open={saving} close={() => setSaving(false)} search={search} />
    </>
  );
}
