/** Signing in: name and password, then the second factor. */
import { LockOutlined, SafetyOutlined, UserOutlined } from '@ant-design/icons';
import { useSearch } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Problem } from '@/api/client';
import { signIn } from '@/api/session';
import { useLang } from '@/i18n/lang';
import { useTitle } from '@/ui/PageHeader';
import { problemText } from '@/ui/problems';

interface Values {
  name: string;
  password: string;
  totp?: string;
}

/** Only an address of this very site is followed after signing in. */
export function safeNext(next: string | undefined): string {
  if (!next?.startsWith('/') || /^\/[/\\]/.test(next) || next.startsWith('/login')) return '/';
  return next;
}

export function LoginPage() {
  const { lang, setLang, t } = useLang();
  const { next } = useSearch({ from: '/login' });
  useTitle(t('login.title'));
  const [step, setStep] = useState<'password' | 'totp'>('password');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [form] = Form.useForm<Values>();
  const words = (error: unknown): string => {
    const code = error instanceof Problem ? error.code : '';
    if (code === 'session.refused') {
      return step === 'totp' ? t('login.refused.totp') : t('login.refused');
    }
    if (code === 'session.locked') return t('login.locked');
    if (code === 'session.throttled') return t('login.throttled');
    return problemText(error, lang, t);
  };
  const submit = async () => {
    const values = form.getFieldsValue(true) as Values;
    setBusy(true);
    setRefusal(null);
    try {
      await signIn({
        name: values.name.trim(),
        password: values.password,
        ...(values.totp ? { totp: values.totp.replace(/\s/g, '') } : {}),
      });
      window.location.assign(safeNext(next));
    } catch (error) {
      setBusy(false);
      if (error instanceof Problem && error.code === 'session.totp_required') {
        setStep('totp');
        return;
      }
      setRefusal(words(error));
      form.setFieldValue('totp', undefined);
    }
  };
  const back = () => {
    setStep('password');
    setRefusal(null);
    form.setFieldsValue({ totp: '', password: '' });
  };
  const required = (message: string) => [{ required: true, message }];
  return (
    <div
      style={{
        minHeight: '92dvh',
        display: 'grid',
        placeItems: 'center',
        padding: 16,
        boxSizing: 'border-box',
      }}
    >
      <main style={{ width: '100%', maxWidth: 380 }}>
        <div style={{ textAlign: 'center', marginBottom: 20 }}>
          <img src="/mark.svg" width={48} height={48} alt="" />
          <h1 style={{ fontSize: 22, margin: '10px 0 2px' }}>{t('app.name')}</h1>
          <div className="heng-quiet">{t('login.about')}</div>
        </div>
        <section className="heng-panel" style={{ padding: 24 }}>
          {refusal && (
            <Alert type="error" showIcon title={refusal} style={{ marginBottom: 16 }} />
          )}
          <Form<Values>
            form={form}
            layout="vertical"
            size="large"
            requiredMark={false}
            onFinish={() => void submit()}
          >
            {step === 'password' ? (
              <>
                <Form.Item
                  name="name"
                  label={t('login.name')}
                  rules={required(t('login.name.needed'))}
                >
                  <Input prefix={<UserOutlined />} autoFocus autoComplete="username" />
                </Form.Item>
                <Form.Item
                  name="password"
                  label={t('login.password')}
                  rules={required(t('login.password.needed'))}
                >
                  <Input.Password prefix={<LockOutlined />} autoComplete="current-password" />
                </Form.Item>
              </>
            ) : (
              <Form.Item
                name="totp"
                label={t('login.totp')}
                extra={t('login.totp.about')}
                rules={required(t('login.totp.needed'))}
              >
                <Input
                  prefix={<SafetyOutlined />}
                  autoFocus
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  maxLength={24}
                />
              </Form.Item>
            )}
            <Button type="primary" htmlType="submit" block loading={busy}>
              {step === 'password' ? t('login.go') : t('login.verify')}
            </Button>
            {step === 'totp' && (
              <Button type="link" block onClick={back} style={{ marginTop: 8 }}>
                {t('login.back')}
              </Button>
            )}
          </Form>
        </section>
        <div
          className="heng-quiet"
          style={{ display: 'flex', justifyContent: 'space-between', marginTop: 12, gap: 12 }}
        >
          <span>{t('login.forgot')}</span>
          <button
            type="button"
            className="heng-link"
            style={{ whiteSpace: 'nowrap' }}
            onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
          >
            {lang === 'zh' ? 'English' : t('lang.other')}
          </button>
        </div>
      </main>
    </div>
  );
}
