/** Changing one's own password. */
import { Button, Card, Form, Input } from 'antd';
import { useMe } from '@/access/me';
import { Problem } from '@/api/client';
import { useLang } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { ProblemAlert, problemText } from '@/ui/problems';
import { useChangePassword } from '../queries';

interface Values {
  password: string;
  totp?: string;
  next: string;
  again: string;
}

export function PasswordTab() {
  const { lang, t } = useLang();
  const me = useMe();
  const notify = useNotify();
  const change = useChangePassword();
  const [form] = Form.useForm<Values>();
  const required = { required: true, message: t('form.required') };
  const submit = ({ password, totp, next }: Values) =>
    change.mutate(
      { password, new_password: next, ...(totp ? { totp } : {}) },
      {
        onSuccess: () => {
          form.resetFields();
          notify.good(t('password.changed'));
        },
      },
    );
  const error = change.error;
  const onNew = error instanceof Problem && error.code.startsWith('password.');
  return (
    <Card>
      {error && !onNew && <ProblemAlert error={error} />}
      <Form form={form} layout="vertical" style={{ maxWidth: 400 }} onFinish={submit}>
        <Form.Item name="password" label={t('password.now')} rules={[required]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {(me.totp_enrolled ?? me.mfa) && (
          <Form.Item name="totp" label={t('login.totp')} rules={[required]}>
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={24} />
          </Form.Item>
        )}
        <Form.Item
          name="next"
          label={t('password.new')}
          rules={[required]}
          {...(onNew
            ? { help: problemText(error, lang, t), validateStatus: 'error' as const }
            : {})}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('password.again')}
          dependencies={['next']}
          rules={[
            required,
            ({ getFieldValue }) => ({
              validator: (_rule, value: unknown) =>
                !value || value === getFieldValue('next')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('password.differs'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t('password.change')}
        </Button>
      </Form>
    </Card>
  );
}
