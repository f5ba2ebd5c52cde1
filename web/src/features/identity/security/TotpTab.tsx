/** The second factor: scan, confirm, keep the recovery codes. */
import { DownloadOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Form, Input, Space, Steps } from 'antd';
import { useMe } from '@/access/me';
import type { TotpEnrolment } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { CopyText } from '@/ui/CopyText';
import { useNarrow } from '@/ui/narrow';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused } from '@/ui/Proof';
import { useConfirmTotp, useEnrolTotp } from '../queries';

/** An SVG text as an image address, so that nothing in it can run. */
export const svgAddress = (svg: string): string =>
  svg.startsWith('data:') ? svg : `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

function Scan({ enrolment }: { enrolment: TotpEnrolment }) {
  const t = useT();
  const confirm = useConfirmTotp();
  const codes = confirm.data?.recovery_codes;
  const error = confirm.error instanceof ProofRefused ? null : confirm.error;
  if (codes) return <Codes codes={codes} />;
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 24 }}>
      <img src={svgAddress(enrolment.qr_svg)} width={184} height={184} alt={t('totp.qr')} />
      <div style={{ flex: '1 1 280px', minWidth: 0 }}>
        <p style={{ marginTop: 0 }}>{t('totp.scan')}</p>
        <div className="heng-quiet">{t('totp.manual')}</div>
        <CopyText
          text={enrolment.secret}
          shown={enrolment.secret.replace(/(.{4})/g, '$1 ').trim()}
          code
        />
        <Form
          layout="inline"
          style={{ marginTop: 16, rowGap: 8 }}
          onFinish={({ code }: { code: string }) => confirm.mutate(code.replace(/\s/g, ''))}
        >
          <Form.Item name="code" rules={[{ required: true, message: t('login.totp.needed') }]}>
            <Input
              placeholder={t('totp.code')}
              aria-label={t('totp.code')}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={8}
            />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={confirm.isPending}>
            {t('totp.confirm')}
          </Button>
        </Form>
        <div style={{ marginTop: 12 }}><ProblemAlert error={error} /></div>
      </div>
    </div>
  );
}

function Codes({ codes }: { codes: string[] }) {
  const t = useT();
  const keep = () => {
    const url = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'heng-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <Alert type="success" showIcon title={t('totp.done')} style={{ marginBottom: 12 }} />
      <p>{t('totp.codes')}</p>
      <div
        className="heng-card heng-code"
        style={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fill, minmax(130px, 1fr))',
          gap: 8,
          marginBottom: 12,
        }}
      >
        {codes.map((code) => <span key={code}>{code}</span>)}
      </div>
      <Space>
        <Button icon={<DownloadOutlined />} onClick={keep}>{t('action.download')}</Button>
        <CopyText text={codes.join('\n')} shown={t('totp.copyall')} />
      </Space>
    </>
  );
}

export function TotpTab() {
  const t = useT();
  const me = useMe();
  const on = me.totp_enrolled ?? me.mfa;
  const narrow = useNarrow();
  const enrol = useEnrolTotp();
  const error = enrol.error instanceof ProofRefused ? null : enrol.error;
  return (
    <Card>
      {on ? (
        <Alert
          type="success"
          showIcon
          icon={<SafetyCertificateOutlined />}
          title={t('totp.on')}
          description={t('totp.on.about')}
          style={{ marginBottom: 16 }}
        />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={t('totp.off')}
          description={t('totp.off.about')}
          style={{ marginBottom: 16 }}
        />
      )}
      <ProblemAlert error={error} />
      {enrol.data ? (
        <>
          {!narrow && (
            <Steps
              size="small"
              current={1}
              style={{ marginBottom: 20, maxWidth: 640 }}
              items={[
                { title: t('totp.step.app') },
                { title: t('totp.step.scan') },
                { title: t('totp.step.keep') },
              ]}
            />
          )}
          <Scan enrolment={enrol.data} />
        </>
      ) : (
        <Button
          type={on ? 'default' : 'primary'}
          loading={enrol.isPending}
          onClick={() => enrol.mutate(undefined)}
        >
          {on ? t('totp.again') : t('totp.start')}
        </Button>
      )}
    </Card>
  );
}
