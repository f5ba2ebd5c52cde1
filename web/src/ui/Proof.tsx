/** Asks for the password again when the server wants a fresh proof of who is at the keyboard. */
import { Form, Input, Modal } from 'antd';
import { createContext, useCallback, useContext, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useMe } from '@/access/me';
import { Problem } from '@/api/client';
import { renewProof } from '@/api/session';
import { useT } from '@/i18n/lang';
import { ProblemAlert } from './problems';

type WithProof = <T>(work: () => Promise<T>) => Promise<T>;

/** Thrown when the person closed the dialog; nothing to show. */
export class ProofRefused extends Error {}

const ProofContext = createContext<WithProof>((work) => work());

/** Runs work; when a fresh proof is missing, asks for it and runs the work again. */
export const useProof = (): WithProof => useContext(ProofContext);

const wantsProof = (error: unknown) =>
  error instanceof Problem && /proof|reauth/.test(error.code) && error.status !== 404;

interface Waiting {
  settle: (given: boolean) => void;
}

export function ProofProvider({ children }: { children: ReactNode }) {
  const t = useT();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [form] = Form.useForm<{ password: string; totp?: string }>();
  const waiting = useRef<Waiting | null>(null);

  const ask = useCallback(
    () =>
      new Promise<boolean>((settle) => {
        waiting.current = { settle };
        setError(null);
        setOpen(true);
      }),
    [],
  );
  const withProof = useCallback<WithProof>(
    async (work) => {
      try {
        return await work();
      } catch (problem) {
        if (!wantsProof(problem)) throw problem;
        if (!(await ask())) throw new ProofRefused();
        return work();
      }
    },
    [ask],
  );
  const close = (given: boolean) => {
    setOpen(false);
    form.resetFields();
    waiting.current?.settle(given);
    waiting.current = null;
  };
  const submit = async (values: { password: string; totp?: string }) => {
    setBusy(true);
    setError(null);
    try {
      await renewProof(values);
      close(true);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <ProofContext.Provider value={withProof}>
      {children}
      <Modal
        open={open}
        title={t('proof.title')}
        okText={t('action.confirm')}
        confirmLoading={busy}
        onOk={() => form.submit()}
        onCancel={() => close(false)}
        width={400}
        zIndex={1200}
        destroyOnHidden
      >
        <p className="heng-quiet" style={{ marginTop: 0 }}>{t('proof.text')}</p>
        <ProblemAlert error={error} />
        <Form form={form} layout="vertical" onFinish={(values) => void submit(values)}>
          <Form.Item
            name="password"
            label={t('login.password')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
          {(me.totp_enrolled ?? me.mfa) && (
            <Form.Item
              name="totp"
              label={t('login.totp')}
              rules={[{ required: true, message: t('form.required') }]}
            >
              <Input autoComplete="one-time-code" inputMode="numeric" maxLength={12} />
            </Form.Item>
          )}
          <button type="submit" hidden />
        </Form>
      </Modal>
    </ProofContext.Provider>
  );
}
