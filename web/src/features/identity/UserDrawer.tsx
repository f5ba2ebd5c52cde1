/** Creating or changing an account. */
import { Alert, Button, DatePicker, Drawer, Form, Input, Radio, Select, Space } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { OneTimeLink, Role, UserDraft, UserRow } from '@/api/shapes';
import { inLang, useLang } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused } from '@/ui/Proof';
import { useDepartments, useRoles, useSaveUser } from './queries';

interface Values extends Omit<UserDraft, 'training_until'> {
  training: Dayjs | null;
}

interface Props {
  user: UserRow | null;
  close: () => void;
  onLink: (link: OneTimeLink) => void;
}

/** The three offices exclude each other. */
export function officesHeld(chosen: string[], roles: Role[]): string[] {
  return chosen.filter((id) => roles.some((role) => role.id === id && role.kind === 'office'));
}

function Roles({ roles, grants }: { roles: Role[]; grants: boolean }) {
  const { lang, t } = useLang();
  const options = (['business', 'office'] as const).map((kind) => ({
    label: t(`role.${kind}`),
    options: roles
      .filter((role) => role.kind === kind)
      .map((role) => ({ value: role.id, label: inLang(lang, role) })),
  }));
  return (
    <Form.Item
      name="roles"
      label={t('user.roles')}
      className="wide"
      rules={[
        {
          validator: (_rule, value: string[] | undefined) =>
            officesHeld(value ?? [], roles).length > 1
              ? Promise.reject(new Error(t('user.offices')))
              : Promise.resolve(),
        },
      ]}
    >
      <Select
        mode="multiple"
        disabled={!grants}
        options={options}
        showSearch={{ optionFilterProp: 'label' }}
      />
    </Form.Item>
  );
}

interface FieldsProps {
  user: UserRow | null;
  roles: Role[];
  /** Name, department and address may be changed. */
  basics: boolean;
  /** Roles, clearance and training may be granted. */
  grants: boolean;
}

function Fields({ user, roles, basics, grants }: FieldsProps) {
  const { t } = useLang();
  const departments = useDepartments();
  const required = [{ required: true, whitespace: true, message: t('form.required') }];
  return (
    <div className="heng-form">
      <Form.Item name="display_name" label={t('user.display')} rules={required}>
        <Input maxLength={40} autoFocus={!user} disabled={!basics} />
      </Form.Item>
      <Form.Item name="name" label={t('user.login')} extra={t('user.login.about')} rules={required}>
        <Input maxLength={40} disabled={Boolean(user)} autoComplete="off" className="heng-code" />
      </Form.Item>
      <Form.Item name="department_id" label={t('client.department')}>
        <Select
          allowClear
          disabled={!basics}
          options={(departments.data?.items ?? []).map((one) => ({
            value: one.id,
            label: one.name,
          }))}
        />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('user.email')}
        rules={[{ type: 'email', message: t('user.email.wrong') }]}
      >
        <Input autoComplete="off" disabled={!basics} />
      </Form.Item>
      <Roles roles={roles} grants={grants} />
      <Form.Item
        name="clearance"
        label={t('user.clearance')}
        extra={t('user.clearance.about')}
        className="wide"
      >
        <Radio.Group
          optionType="button"
          disabled={!grants}
          options={[1, 2, 3, 4].map((level) => ({ value: level, label: t('level.n', { level }) }))}
        />
      </Form.Item>
      <Form.Item name="training" label={t('user.training')} extra={t('user.training.about')}>
        <DatePicker style={{ width: '100%' }} disabled={!grants} />
      </Form.Item>
    </div>
  );
}

export function UserDrawer({ user, close, onLink }: Props) {
  const { t } = useLang();
  const narrow = useNarrow();
  const notify = useNotify();
  const roles = useRoles();
  const save = useSaveUser();
  const [form] = Form.useForm<Values>();
  const can = useCan();
  const grants = can(RIGHTS.grantRoles);
  const basics = user ? can(RIGHTS.updateUser) : can(RIGHTS.createUser);
  const submit = ({ training, ...values }: Values) => {
    const draft: Partial<UserDraft> = {
      ...(user ? {} : { name: values.name.trim() }),
      ...(basics
        ? {
            display_name: values.display_name.trim(),
            department_id: values.department_id ?? null,
            email: values.email || null,
          }
        : {}),
      ...(grants
        ? {
            roles: values.roles,
            clearance: values.clearance,
            training_until: training ? training.format('YYYY-MM-DD') : null,
          }
        : {}),
    };
    save.mutate(
      { id: user?.id ?? null, draft },
      {
        onSuccess: (answer) => {
          notify.good(t('action.saved'));
          close();
          const { link, expires_at: until } = answer as Partial<OneTimeLink>;
          if (link && until) onLink({ link, expires_at: until });
        },
      },
    );
  };
  const error = save.error instanceof ProofRefused ? null : save.error;
  return (
    <Drawer
      open
      size={narrow ? '100%' : 680}
      title={user ? t('user.edit', { name: user.display_name }) : t('user.new')}
      onClose={close}
      footer={
        <Space>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {t('action.save')}
          </Button>
          <Button onClick={close}>{t('action.cancel')}</Button>
        </Space>
      }
    >
      <ProblemAlert error={error} />
      {user && (user.counted_clearance ?? user.clearance) < user.clearance && (
        <Alert
          type="warning"
          showIcon
          title={t('user.untrained', { level: user.clearance })}
          style={{ marginBottom: 16 }}
        />
      )}
      {!user && (
        <Alert type="info" showIcon title={t('user.new.about')} style={{ marginBottom: 16 }} />
      )}
      <Form<Values>
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={{
          clearance: grants ? 2 : 1,
          roles: [],
          ...user,
          department_id: user?.department?.id,
          training: user?.training_until ? dayjs(user.training_until) : null,
        }}
      >
        <Fields user={user} roles={roles.data ?? []} basics={basics} grants={grants} />
        {!grants && <p className="heng-quiet">{t('user.grants')}</p>}
      </Form>
    </Drawer>
  );
}
