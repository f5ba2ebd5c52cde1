/** The head card of a client: who it is at a glance. */
import { Progress } from 'antd';
import type { ReactNode } from 'react';
import type { ClientView, FieldSpec } from '@/api/shapes';
import { useLang } from '@/i18n/lang';
import { CopyText } from '@/ui/CopyText';
import { fieldText } from '@/ui/FieldInput';
import { LevelTag, StageTag, Tags } from '@/ui/tags';

interface Props {
  client: ClientView;
  fields: FieldSpec[];
  actions?: ReactNode;
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <div className="heng-quiet" style={{ fontSize: 13 }}>{label}</div>
      <div style={{ minHeight: 24, display: 'flex', alignItems: 'center' }}>{children}</div>
    </div>
  );
}

export function ClientHead({ client, fields, actions }: Props) {
  const { lang, t } = useLang();
  const kind = fields.find((field) => field.key === 'taxpayer_kind');
  const taxpayer =
    client.taxpayer_kind && kind
      ? fieldText(kind, client.taxpayer_kind, lang, t)
      : client.taxpayer_kind;
  const level = client.level ?? Math.max(1, ...Object.values(client.fields).map((f) => f.level));
  const percent = client.completeness;
  return (
    <section className="heng-panel heng-panel-pad" style={{ marginBottom: 12 }}>
      <div className="heng-toolbar" style={{ alignItems: 'flex-start' }}>
        <div className="heng-grow heng-toolbar" style={{ minWidth: 0 }}>
          <h1 className="heng-wrap" style={{ fontSize: 19, lineHeight: '28px', margin: 0 }}>
            {client.name}
          </h1>
          <StageTag stage={client.stage} />
          <LevelTag level={level} />
          {client.tags.length > 0 && <Tags tags={client.tags} />}
        </div>
        {actions && <div className="heng-toolbar">{actions}</div>}
      </div>
      <div
        style={{
          display: 'flex',
          flexWrap: 'wrap',
          gap: '10px 32px',
          marginTop: 12,
        }}
      >
        <Fact label={t('client.code')}><CopyText text={client.code} code /></Fact>
        <Fact label={t('client.uscc')}>
          {client.uscc ? <CopyText text={client.uscc} code /> : '–'}
        </Fact>
        <Fact label={t('client.taxpayer')}>{taxpayer ?? '–'}</Fact>
        <Fact label={t('client.lead')}>{client.lead?.name ?? t('client.nolead')}</Fact>
        <Fact label={t('client.reviewer')}>{client.reviewer?.name ?? '–'}</Fact>
        <Fact label={t('client.department')}>{client.department ?? '–'}</Fact>
        <Fact label={t('client.completeness')}>
          <Progress
            aria-label={t('client.completeness')}
            percent={percent}
            size="small"
            style={{ width: 120, margin: 0 }}
          />
        </Fact>
      </div>
    </section>
  );
}
