/** A due day with its basis, and how it comes about when asked. */
import { useQuery } from '@tanstack/react-query';
import { Modal, Skeleton } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
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
    <ol style={{ margin: 0, paddingInlineStart: 20 }}>
      {steps.map((step) => (
        <li key={step.zh}>{inLang(lang, step)}</li>
      ))}
    </ol>
  );
}

interface HowProps {
  label: ReactNode;
  late?: boolean;
  /** Told when it is opened, for who must fetch first. */
  onOpen?: () => void;
  children: ReactNode;
}

/** A day as a button that opens how it comes about. */
export function How({ label, late = false, onOpen, children }: HowProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const show = () => {
    onOpen?.();
    setOpen(true);
  };
  return (
    <>
      <button type="button" className={late ? 'heng-due heng-due-late' : 'heng-due'} onClick={show}>
        {label}
      </button>
      <Modal
        open={open}
        title={t('calendar.how')}
        footer={null}
        width={560}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        {children}
      </Modal>
    </>
  );
}

interface Props {
  tax: string;
  period: string;
  region: string;
  day: string;
  late: boolean;
}

/** The steps are fetched when they are asked for. */
export function DueDay({ tax, period, region, day, late }: Props) {
  const [asked, setAsked] = useState(false);
  const due = useQuery({
    queryKey: ['calendar', 'due', tax, period, region],
    queryFn: () => readDue({ tax, period, region }),
    enabled: asked,
    staleTime: 60_000,
  });
  return (
    <How label={day.slice(5)} late={late} onOpen={() => setAsked(true)}>
      <ProblemAlert error={due.error} />
      {due.data && <Steps steps={due.data.steps} />}
      {due.isLoading && <Skeleton active paragraph={{ rows: 3 }} title={false} />}
    </How>
  );
}
