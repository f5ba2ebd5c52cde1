/** One client, with an address that can be sent. */
import { DownOutlined } from '@ant-design/icons';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Alert, App, Breadcrumb, Button, DatePicker, Dropdown, Skeleton, Tabs } from 'antd';
import { Link } from '@tanstack/react-router';
import dayjs from 'dayjs';
import { Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import type { ClientView, FieldSpec } from '@/api/shapes';
import { useLang } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { useTitle } from '@/ui/PageHeader';
import { Loaded } from '@/ui/problems';
import { AssignDialog } from './AssignDialog';
import { ClientHead } from './ClientHead';
import { HoldBanner, HoldDialog } from './HoldDialog';
import type { HoldStep } from './HoldDialog';
import { MergeDialog } from './MergeDialog';
import { OverviewTab } from './OverviewTab';
import { useClient, useFields, useRecycle } from './queries';
import { SectionTab } from './SectionTab';
import { StageDialog } from './StageDialog';
import { VersionsTab } from './VersionsTab';
import { ViewersTab } from './ViewersTab';

const TABS = ['overview', 'basic', 'business', 'financial', 'versions', 'record'] as const;

interface Parts {
  /** 财务信息: made by another part of the app, told by the client's id and name. */
  financial: (id: string, name: string) => ReactNode;
}

interface InsideProps extends Parts {
  client: ClientView;
  fields: FieldSpec[];
}

function Actions({ client }: { client: ClientView }) {
  const { t } = useLang();
  const { modal } = App.useApp();
  const notify = useNotify();
  const navigate = useNavigate();
  const recycle = useRecycle();
  const [dialog, setDialog] = useState<'stage' | 'assign' | 'merge' | null>(null);
  const may = (action: string) => client.may[action] ?? { allowed: true };
  const [step, setStep] = useState<HoldStep | null>(null);
  const confirm = () =>
    modal.confirm({
      title: t('recycle.title', { name: client.name }),
      content: t('bulk.recycle.about'),
      okText: t('bulk.recycle'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await recycle.mutateAsync(client);
          notify.good(t('recycle.done'));
          void navigate({ to: '/clients' });
        } catch (error) {
          notify.bad(error);
        }
      },
    });
  return (
    <>
      <ActionButton
        allowed={may('advance').allowed}
        reason={may('advance').reason}
        onClick={() => setDialog('stage')}
      >
        {t('stage.title')}
      </ActionButton>
      <ActionButton
        allowed={may('assign').allowed}
        reason={may('assign').reason}
        onClick={() => setDialog('assign')}
      >
        {t('assign.title')}
      </ActionButton>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            {
              key: 'merge',
              label: t('merge.open'),
              disabled: !may('merge').allowed,
              title: may('merge').reason ?? '',
            },
            client.hold
              ? {
                  key: 'release',
                  label: t('hold.release'),
                  disabled: !may('release_hold').allowed,
                  title: may('release_hold').reason ?? '',
                }
              : {
                  key: 'hold',
                  label: t('hold.hold'),
                  disabled: !may('hold').allowed,
                  title: may('hold').reason ?? '',
                },
            ...(client.removal?.open
              ? [
                  {
                    key: 'removal',
                    danger: true,
                    label: t('hold.removal'),
                    disabled: !may('remove').allowed,
                    title: may('remove').reason ?? '',
                  },
                ]
              : []),
            { type: 'divider' },
            {
              key: 'recycle',
              danger: true,
              label: t('bulk.recycle'),
              disabled: !may('recycle').allowed,
              title: may('recycle').reason ?? '',
            },
          ],
          onClick: ({ key }) => {
            if (key === 'recycle') confirm();
            else if (key === 'merge') setDialog('merge');
            else setStep(key as HoldStep);
          },
        }}
      >
        <Button icon={<DownOutlined />} iconPlacement="end">{t('action.more')}</Button>
      </Dropdown>
      {step && (
        <HoldDialog
          client={client}
          step={step}
          close={() => setStep(null)}
          onRemoved={() => void navigate({ to: '/clients' })}
        />
      )}
      {dialog === 'stage' && <StageDialog client={client} close={() => setDialog(null)} />}
      {dialog === 'merge' && <MergeDialog client={client} close={() => setDialog(null)} />}
      {dialog === 'assign' && <AssignDialog client={client} close={() => setDialog(null)} />}
    </>
  );
}

function Inside({ client, fields, financial }: InsideProps) {
  const { t } = useLang();
  const search = useSearch({ from: '/in/clients/$id' });
  const navigate = useNavigate({ from: '/clients/$id' });
  const narrow = useNarrow();
  useTitle(client.name);
  const tab = TABS.find((one) => one === search.tab) ?? 'overview';
  const go = (next: string) =>
    void navigate({ search: (now) => ({ ...now, tab: next === 'overview' ? undefined : next }) });
  const asOf = (day: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, as_of: day }) });
  const picker = (
    <DatePicker
      size={narrow ? 'medium' : 'small'}
      style={{ width: narrow ? '100%' : 138 }}
      placeholder={t('client.asof')}
      aria-label={t('client.asof')}
      value={search.as_of ? dayjs(search.as_of) : null}
      disabledDate={(day) => day.isAfter(dayjs(), 'day')}
      onChange={(day) => asOf(day ? day.format('YYYY-MM-DD') : undefined)}
    />
  );
  const body = {
    overview: <OverviewTab client={client} fields={fields} goTo={go} />,
    basic: <SectionTab key="basic" client={client} fields={fields} section="basic" />,
    business: <SectionTab key="business" client={client} fields={fields} section="business" />,
    financial: (
      <Suspense fallback={<Skeleton active title={false} style={{ padding: 16 }} />}>
        {financial(client.id, client.name)}
      </Suspense>
    ),
    versions: <VersionsTab id={client.id} fields={fields} />,
    record: <ViewersTab id={client.id} />,
  }[tab];
  return (
    <>
      <Breadcrumb
        style={{ marginBottom: 8 }}
        items={[
          { title: <Link to="/clients">{t('nav.clients')}</Link> },
          { title: client.short_name ?? client.name },
        ]}
      />
      {search.as_of && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t('client.asof.on', { day: search.as_of })}
          action={
            <Button size="small" onClick={() => asOf(undefined)}>{t('client.asof.off')}</Button>
          }
        />
      )}
      {!search.as_of && <HoldBanner client={client} />}
      <ClientHead
        client={client}
        fields={fields}
        actions={search.as_of ? undefined : <Actions client={client} />}
      />
      <div className="heng-tabs">
        <Tabs
          activeKey={tab}
          onChange={go}
          tabBarStyle={{ marginBottom: 12 }}
          items={TABS.map((key) => ({ key, label: t(`tab.${key}`) }))}
        />
        {!narrow && <div style={{ paddingTop: 11 }}>{picker}</div>}
      </div>
      {narrow && tab !== 'record' && <div style={{ marginBottom: 12 }}>{picker}</div>}
      {body}
    </>
  );
}

export function ClientPage({ financial }: Parts) {
  const { id } = useParams({ from: '/in/clients/$id' });
  const { as_of: asOf } = useSearch({ from: '/in/clients/$id' });
  const client = useClient(id, asOf);
  const fields = useFields();
  return (
    <Loaded query={client} page rows={10}>
      {(view) => (
        <Loaded query={fields} rows={10}>
          {(specs) => (
            <Inside
              key={`${id}${asOf ?? ''}`}
              client={{ ...view, as_of: asOf ?? null }}
              fields={specs}
              financial={financial}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
