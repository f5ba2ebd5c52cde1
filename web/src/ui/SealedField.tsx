/** A masked value that can be shown for a minute, with a purpose, on record. */
import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { Alert, Button, Modal, Radio } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useT } from '@/i18n/lang';
import type { WordKey } from '@/i18n/zh';
import { ProofRefused, useProof } from './Proof';
import { ProblemAlert } from './problems';

/** What is offered when the server does not say which purposes the firm has. */
const USUAL: WordKey[] = [
  'purpose.filing',
  'purpose.financing',
  'purpose.contract',
  'purpose.call',
];

interface Props {
  label: string;
  masked: string;
  revealable: boolean;
  /** The purposes that the firm offers; the text itself goes on record. */
  purposes?: string[] | undefined;
  reveal: (purpose: string) => Promise<{ value: string; hide_after_s: number }>;
}

interface Shown {
  value: string;
  left: number;
}

export function SealedField({ label, masked, revealable, purposes, reveal }: Props) {
  const t = useT();
  const withProof = useProof();
  const [asking, setAsking] = useState(false);
  const [purpose, setPurpose] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const offered = purposes ?? USUAL.map((key) => t(key));
  const hide = useCallback(() => setShown(null), []);
  const ticking = shown !== null;

  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => {
      setShown((now) => (now && now.left > 1 ? { ...now, left: now.left - 1 } : null));
    }, 1000);
    return () => clearInterval(timer);
  }, [ticking]);

  const show = async () => {
    if (!purpose) return;
    setBusy(true);
    setError(null);
    try {
      const answer = await withProof(() => reveal(purpose));
      setShown({ value: answer.value, left: Math.max(1, Math.round(answer.hide_after_s)) });
      setAsking(false);
    } catch (problem) {
      if (!(problem instanceof ProofRefused)) setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const start = () => {
    setPurpose(null);
    setError(null);
    setAsking(true);
  };

  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, flexWrap: 'wrap' }}>
      {shown ? (
        <>
          <span className="heng-code">{shown.value}</span>
          <span className="heng-quiet heng-num" role="timer">
            {t('sealed.left', { seconds: shown.left })}
          </span>
          <Button type="link" size="small" icon={<EyeInvisibleOutlined />} onClick={hide}>
            {t('sealed.hide')}
          </Button>
        </>
      ) : (
        <>
          <span className="heng-code heng-mask">{masked}</span>
          {revealable && (
            <Button
              type="link"
              size="small"
              style={{ paddingInline: 4 }}
              icon={<EyeOutlined />}
              onClick={start}
              aria-label={`${t('sealed.show')} ${label}`}
            >
              {t('sealed.show')}
            </Button>
          )}
        </>
      )}
      <Modal
        open={asking}
        title={t('sealed.title', { field: label })}
        okText={t('sealed.show')}
        okButtonProps={{ disabled: !purpose }}
        confirmLoading={busy}
        onOk={() => void show()}
        onCancel={() => setAsking(false)}
        width={420}
        destroyOnHidden
      >
        <Alert type="info" showIcon title={t('sealed.note')} style={{ marginBottom: 16 }} />
        <ProblemAlert error={error} />
        <div style={{ marginBottom: 8 }}>{t('sealed.purpose')}</div>
        <Radio.Group
          vertical
          value={purpose}
          onChange={(event) => setPurpose(String(event.target.value))}
          options={offered.map((value) => ({ value, label: value }))}
        />
      </Modal>
    </span>
  );
}
