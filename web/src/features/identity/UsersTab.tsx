/** The accounts of the firm. */
import { PlusOutlined, UploadOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, App, Badge, Button, Dropdown, Input, Modal, Space, Tooltip } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useCan, useMe } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { OneTimeLink, UserRow } from '@/api/shapes';
import { formatInstant } from '@/format/time';
import { inLang, useLang } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { CopyText } from '@/ui/CopyText';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { Chip, LevelTag } from '@/ui/tags';
import { ExplainPanel } from './ExplainPanel';
import { useApproveReset, useDisable, useEnable, useResetLink } from './queries';
import { useRoles, useUsers } from './queries';
import { StaffImport } from './StaffImport';
import { UserDrawer } from './UserDrawer';

/** Resetting an office or a clearance of 3 and more takes a second person. */
const OFFICES = ['sysadmin', 'secadmin', 'auditor'];
const guarded = (row: UserRow) =>
  row.clearance >= 3 || row.roles.some((role) => OFFICES.includes(role));

/** A one-time link, shown once. */
export function LinkDialog({ link, close }: { link: OneTimeLink | null; close: () => void }) {
  const { t } = useLang();
  return (
    <Modal
      open={link !== null}
      title={t('user.link.title')}
      onCancel={close}
      mask={{ closable: false }}
      footer={<Button type="primary" onClick={close}>{t('user.link.kept')}</Button>}
      width={520}
    >
      {link && (
        <>
          <p>{t('user.link.about')}</p>
          <div className="heng-card"><CopyText text={link.link} code /></div>
          {link.needs_second && (
            <Alert
              type="warning"
              showIcon
              title={t('user.link.second')}
              style={{ marginTop: 12 }}
            />
          )}
          <p className="heng-quiet">
            {t('user.link.until', { at: formatInstant(link.expires_at) })}
          </p>
        </>
      )}
    </Modal>
  );
}

function useColumns(): Column<UserRow>[] {
  const { lang, t } = useLang();
  const roles = useRoles();
  const role = (id: string) => {
    const found = roles.data?.find((one) => one.id === id);
    return found ? inLang(lang, found) : id;
  };
  const office = (id: string) => roles.data?.find((one) => one.id === id)?.kind === 'office';
  return [
    {
      key: 'name',
      title: t('user.name'),
      width: 216,
      fixed: true,
      render: (row) => (
        <>
          {row.display_name} <span className="heng-quiet">{row.name}</span>
        </>
      ),
    },
    {
      key: 'department',
      title: t('client.department'),
      width: 120,
      phone: true,
      render: (row) => row.department?.name ?? '–',
    },
    {
      key: 'roles',
      title: t('user.roles'),
      width: 178,
      phone: true,
      render: (row) => (
        <span style={{ display: 'inline-flex', gap: 4, flexWrap: 'wrap' }}>
          {row.roles.map((id) => (
            <Chip key={id} tone={office(id) ? 'purple' : 'grey'}>{role(id)}</Chip>
          ))}
        </span>
      ),
    },
    {
      key: 'clearance',
      title: t('user.clearance'),
      width: 90,
      phone: true,
      render: (row) =>
        (row.counted_clearance ?? row.clearance) < row.clearance ? (
          <Tooltip title={t('user.untrained', { level: row.clearance })}>
            <span>
              <Chip tone="amber">{t('user.untrained.short', { level: row.clearance })}</Chip>
            </span>
          </Tooltip>
        ) : (
          <LevelTag level={row.clearance} />
        ),
    },
    {
      key: 'mfa',
      title: t('user.mfa'),
      width: 104,
      render: (row) =>
        row.mfa === undefined ? (
          '–'
        ) : (
          <Badge
            status={row.mfa ? 'success' : 'warning'}
            text={t(row.mfa ? 'user.mfa.on' : 'user.mfa.off')}
          />
        ),
    },
    {
      key: 'training',
      title: t('user.training'),
      width: 120,
      hiddenAtFirst: true,
      render: (row) => <span className="heng-num">{row.training_until ?? '–'}</span>,
    },
    {
      key: 'seen',
      title: t('user.seen'),
      width: 150,
      render: (row) => <span className="heng-num">{formatInstant(row.last_seen_at)}</span>,
    },
    {
      key: 'state',
      title: t('user.state'),
      width: 100,
      phone: true,
      render: (row) =>
        row.reset_waits ? (
          <Tooltip title={t('user.waits.about')}>
            <span><Chip tone="amber">{t('user.waits')}</Chip></span>
          </Tooltip>
        ) : (
          <Badge
            status={row.disabled ? 'default' : 'success'}
            text={t(row.disabled ? 'user.disabled' : 'user.enabled')}
          />
        ),
    },
  ];
}

interface RowProps {
  row: UserRow;
  edit: () => void;
  explain: () => void;
  onLink: (link: OneTimeLink) => void;
}

function RowActions({ row, edit, explain, onLink }: RowProps) {
  const { t } = useLang();
  const can = useCan();
  const me = useMe();
  const notify = useNotify();
  const { modal } = App.useApp();
  const disable = useDisable();
  const enable = useEnable();
  const reset = useResetLink();
  const approve = useApproveReset();
  const name = row.display_name;
  const confirmDisable = () =>
    modal.confirm({
      title: t('user.disable.title', { name }),
      content: t('user.disable.about'),
      okText: t('user.disable'),
      okButtonProps: { danger: true },
      onOk: () => disable.mutateAsync(row.id).then(() => undefined, notify.bad),
    });
  const confirmReset = () =>
    modal.confirm({
      title: t('user.reset.title', { name }),
      content: guarded(row) ? t('user.reset.second') : t('user.reset.about'),
      okText: t('user.reset'),
      onOk: () => reset.mutateAsync(row.id).then(onLink, notify.bad),
    });
  const confirmApprove = () =>
    modal.confirm({
      title: t('user.approve.title', { name }),
      content: t('user.approve.about'),
      okText: t('user.approve'),
      onOk: () =>
        approve.mutateAsync(row.id).then(() => notify.good(t('user.approved')), notify.bad),
    });
  const may = can(RIGHTS.updateUser) || can(RIGHTS.grantRoles);
  const approves = can(RIGHTS.grantRoles) && row.reset_waits === true && row.id !== me.id;
  const more = [
    ...(can(RIGHTS.resetUser) ? [{ key: 'reset', label: t('user.reset') }] : []),
    ...(can(RIGHTS.disableUser) && row.disabled
      ? [{ key: 'enable', label: t('user.enable') }]
      : []),
    ...(can(RIGHTS.disableUser) && !row.disabled
      ? [{ key: 'disable', label: t('user.disable'), danger: true }]
      : []),
  ];
  const link = { type: 'link' as const, size: 'small' as const, style: { paddingInline: 2 } };
  return (
    <Space size={6}>
      <ActionButton
        {...link}
        allowed={may}
        reason={t('page.403.missing') + RIGHTS.updateUser}
        onClick={edit}
      >
        {t('action.edit')}
      </ActionButton>
      {can(RIGHTS.explainAccess) && (
        <Tooltip title={t('explain.title')}>
          <Button {...link} onClick={explain}>{t('explain.open')}</Button>
        </Tooltip>
      )}
      {approves && <Button {...link} onClick={confirmApprove}>{t('user.approve')}</Button>}
      {more.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: more,
            onClick: ({ key }) => {
              if (key === 'reset') confirmReset();
              if (key === 'disable') confirmDisable();
              if (key === 'enable') enable.mutate(row.id, { onError: notify.bad });
            },
          }}
        >
          <Button {...link}>{t('action.more')}</Button>
        </Dropdown>
      )}
    </Space>
  );
}

export function UsersTab() {
  const { t } = useLang();
  const can = useCan();
  const search = useSearch({ from: '/in/people' });
  const navigate = useNavigate({ from: '/people' });
  const [editing, setEditing] = useState<{ user: UserRow | null } | null>(null);
  const [importing, setImporting] = useState(false);
  const [link, setLink] = useState<OneTimeLink | null>(null);
  const users = useUsers(useDeferredValue(search.q ?? ''));
  const columns = useColumns();
  const put = (next: { q?: string | undefined; explain?: string | undefined }, replace = false) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace });
  const explained = users.data?.items.find((user) => user.id === search.explain);
  const lacks = t('page.403.missing') + RIGHTS.createUser;
  return (
    <>
      <DataTable
        name="users"
        columns={columns}
        rows={users.data?.items}
        rowKey={(row) => row.id}
        loading={users.isFetching}
        error={users.error}
        refresh={() => void users.refetch()}
        left={
          <>
            <Input
              allowClear
              style={{ width: 200 }}
              placeholder={t('user.find')}
              aria-label={t('user.find')}
              value={search.q ?? ''}
              onChange={(event) => put({ q: event.target.value || undefined }, true)}
            />
            <ActionButton
              type="primary"
              icon={<PlusOutlined />}
              allowed={can(RIGHTS.createUser)}
              reason={lacks}
              onClick={() => setEditing({ user: null })}
            >
              {t('user.new')}
            </ActionButton>
            <ActionButton
              icon={<UploadOutlined />}
              allowed={can(RIGHTS.createUser)}
              reason={lacks}
              onClick={() => setImporting(true)}
            >
              {t('user.import')}
            </ActionButton>
          </>
        }
        actionsWidth={can(RIGHTS.grantRoles) && can(RIGHTS.resetUser) ? 216 : 172}
        actions={(row) => (
          <RowActions
            row={row}
            edit={() => setEditing({ user: row })}
            explain={() => put({ explain: row.id })}
            onLink={setLink}
          />
        )}
        footer={
          <span className="heng-quiet">
            {t('pager.total', { count: users.data?.items.length ?? 0 })}
          </span>
        }
      />
      {editing && (
        <UserDrawer user={editing.user} close={() => setEditing(null)} onLink={setLink} />
      )}
      <StaffImport open={importing} close={() => setImporting(false)} />
      <LinkDialog link={link} close={() => setLink(null)} />
      {explained && (
        <ExplainPanel user={explained} close={() => put({ explain: undefined })} />
      )}
    </>
  );
}
