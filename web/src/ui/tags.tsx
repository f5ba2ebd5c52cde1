/** Small labels: stage, level, severity, tags. Never by colour alone. */
import { CloseCircleOutlined, InfoCircleOutlined, WarningOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { Badge, Tooltip } from 'antd';
import type { Severity, Stage } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { LEVEL_TONES, STAGE_TONES, TONES } from './theme';
import type { Tone } from './theme';

/** A word on a quiet ground. */
export function Chip({ tone = 'grey', children }: { tone?: Tone; children: ReactNode }) {
  return <span className="heng-chip" style={TONES[tone]}>{children}</span>;
}

export function StageTag({ stage }: { stage: Stage }) {
  const t = useT();
  return <Chip tone={STAGE_TONES[stage] ?? 'grey'}>{t(`stage.${stage}`)}</Chip>;
}

export function LevelTag({ level }: { level: number }) {
  const t = useT();
  return (
    <Tooltip title={t('level.about')}>
      <span>
        <Chip tone={LEVEL_TONES[level] ?? 'grey'}>{t('level.n', { level })}</Chip>
      </span>
    </Tooltip>
  );
}

/** Tags in one line of a table: the first ones, then how many more. */
export function ShortTags({ tags, most = 1 }: { tags: string[]; most?: number }) {
  if (tags.length === 0) return <span className="heng-quiet">–</span>;
  const rest = tags.slice(most);
  return (
    <Tooltip title={rest.length > 0 ? tags.join(' · ') : undefined}>
      <span style={{ display: 'inline-flex', gap: 4, whiteSpace: 'nowrap' }}>
        {tags.slice(0, most).map((tag) => (
          <Chip key={tag}>{tag}</Chip>
        ))}
        {rest.length > 0 && <span className="heng-quiet">+{rest.length}</span>}
      </span>
    </Tooltip>
  );
}

export function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return <span className="heng-quiet">–</span>;
  return (
    <span style={{ display: 'inline-flex', gap: 4, flexWrap: 'wrap' }}>
      {tags.map((tag) => (
        <Chip key={tag}>{tag}</Chip>
      ))}
    </span>
  );
}

const SEVERITY_ICONS = {
  error: <CloseCircleOutlined style={{ color: '#cf1322' }} />,
  warning: <WarningOutlined style={{ color: '#ad5200' }} />,
  hint: <InfoCircleOutlined style={{ color: '#1366e0' }} />,
} as const;

export function SeverityMark({ severity }: { severity: Severity }) {
  const t = useT();
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {SEVERITY_ICONS[severity]} {t(`severity.${severity}`)}
    </span>
  );
}

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const t = useT();
  if (outcome === 'denied') return <Badge status="error" text={t('outcome.denied')} />;
  if (outcome === 'shown') return <Badge status="default" text={t('outcome.shown')} />;
  if (outcome === 'done') return <Badge status="success" text={t('outcome.done')} />;
  return <Badge status="default" text={outcome} />;
}

/** A thin bar with its number. */
export function PercentBar({ percent, width = 64 }: { percent: number; width?: number | string }) {
  const colour = percent >= 80 ? '#52c41a' : percent >= 50 ? '#1366e0' : '#faad14';
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }}>
      <span className="heng-bar" style={{ width }} aria-hidden>
        <i style={{ width: `${percent}%`, background: colour }} />
      </span>
      <span className="heng-num">{percent}%</span>
    </span>
  );
}
