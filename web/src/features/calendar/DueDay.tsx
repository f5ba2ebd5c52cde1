/** A due day with its basis, and how it comes about when asked. */
import { useQuery } from '@tanstack/react-query';
import { Popover, Skeleton } from 'antd';
import { useState } from 'react';
import { readDue } from '@/api/calendar';
import type { Basis, Sentence } from '@/api/calendar';
import { inLang, useLang, useT } from '@/i18n/lang';
import { ProblemAlert } from '@/ui/problems';
import { Chip } from '@/ui/tags';

export function BasisChip({ basis, unannounced }: { basis: Basis; unannounced?: boolean }) {
  const t = useT();
  if (unannounced) return <Chip tone="amber">{t('calendar.unannounced')}</Chip>;
  const tone = basis === 'published' ? 'green' : basis === 'computed' ? 'amber' : 'grey';
  return <Chip tone={tone}>{t(`calendar.basis.${basis}`)}</Chip>;
}

export function Steps({ steps }: { steps: Sentence[] }) {
  const { lang } = useLang();
  return (
    <ol style={{ margin: 0, paddingInlineStart: 20, maxWidth: 420 }}>
      {steps.map((step) => (
        <li key={step.zh}>{inLang(lang, step)}</li>
      ))}
    </ol>
  );
}

interface Props {
  tax: string;
  period: string;
  region: string;
  day: string;
  late: boolean;
}

/** The day as a button; the steps are fetched when it is opened. */
export function DueDay({ tax, period, region, day, late }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const due = useQuery({
    queryKey: ['calendar', 'due', tax, period, region],
    queryFn: () => readDue({ tax, period, region }),
    enabled: open,
    staleTime: 60_000,
  });
  const content = due.error ? (
    <ProblemAlert error={due.error} />
  ) : due.data ? (
    <Steps steps={due.data.steps} />
  ) : (
    <Skeleton active paragraph={{ rows: 3 }} title={false} style={{ width: 320 }} />
  );
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      title={t('calendar.how')}
      content={content}
    >
      <button type="button" className={late ? 'heng-due heng-due-late' : 'heng-due'}>
        {day.slice(5)}
      </button>
    </Popover>
  );
}
