/** Twelve small months with deadlines, rest days and make-up days. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Card } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { countDuties, readYear } from '@/api/calendar';
import type { CalendarMonth, CalendarYear } from '@/api/calendar';
import { inLang, useLang, useT } from '@/i18n/lang';
import { Loaded } from '@/ui/problems';
import { BasisChip, How, Steps } from './DueDay';

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function Days({ year, of, today }: { year: number; of: CalendarMonth; today: string }) {
  const t = useT();
  const days = new Date(Date.UTC(year, of.month, 0)).getUTCDate();
  const first = (new Date(Date.UTC(year, of.month - 1, 1)).getUTCDay() + 6) % 7;
  const special = new Map(of.days.map((day) => [day.day, day]));
  const cells = Array.from({ length: first }, (_, at) => <span key={`b${at}`} />);
  for (let day = 1; day <= days; day += 1) {
    const iso = `${year}-${two(of.month)}-${two(day)}`;
    const info = special.get(iso);
    const names = ['heng-day'];
    if (info) names.push(`heng-day-${info.kind}`);
    if (iso === of.due.due) names.push('heng-day-due');
    if (iso === today) names.push('heng-day-today');
    const said = [
      iso,
      info?.name,
      info?.kind === 'holiday' && t('calendar.holiday'),
      info?.kind === 'make_up' && t('calendar.make_up'),
      iso === of.due.due && t('calendar.deadline'),
    ].filter(Boolean).join(' · ');
    cells.push(<span key={iso} className={names.join(' ')} title={said}>{day}</span>);
  }
  return (
    <div className="heng-month">
      {t('calendar.week').split(' ').map((name) => (
        <span key={name} className="heng-quiet">{name}</span>
      ))}
      {cells}
    </div>
  );
}

interface MonthProps {
  shown: CalendarYear;
  of: CalendarMonth;
  duties: number;
  openMonth: (month: number) => void;
}

function Month({ shown, of, duties, openMonth }: MonthProps) {
  const t = useT();
  const title = (
    <button type="button" className="heng-due" onClick={() => openMonth(of.month)}>
      {t('calendar.month', { month: of.month })}
    </button>
  );
  return (
    <Card size="small" title={title} extra={<BasisChip {...of.due} />}>
      <Days year={shown.year} of={of} today={shown.today} />
      <div className="heng-month-foot">
        <How label={`${t('calendar.deadline')} ${of.due.due.slice(5)}`}>
          <Steps steps={of.due.steps} />
        </How>
        {duties > 0 && (
          <span className="heng-quiet">{t('calendar.duties', { count: duties })}</span>
        )}
      </div>
    </Card>
  );
}

interface Props {
  year: number;
  region: string;
  openMonth: (month: number) => void;
}

export function YearTab({ year, region, openMonth }: Props) {
  const { lang, t } = useLang();
  const can = useCan();
  const shown = useQuery({
    queryKey: ['calendar', 'year', year, region],
    queryFn: () => readYear({ year, region }),
  });
  const counts = useQuery({
    queryKey: ['calendar', 'counts', year],
    queryFn: () => countDuties({ year }),
    enabled: can(RIGHTS.listClients),
  });
  const of = (month: number) =>
    (counts.data?.counts ?? [])
      .filter((count) => count.month === month)
      .reduce((sum, count) => sum + count.duties, 0);
  return (
    <Loaded query={shown}>
      {(value) => (
        <>
          {value.warning && (
            <Alert
              type="warning"
              showIcon
              style={{ marginBottom: 12 }}
              title={inLang(lang, value.warning)}
            />
          )}
          <div className="heng-toolbar heng-quiet" style={{ marginBottom: 12 }}>
            <span>{region ? value.region : t('calendar.country')}</span>
            <span>{t('calendar.legend')}</span>
            {counts.data && <span>{t('calendar.clients', { count: counts.data.clients })}</span>}
          </div>
          <div className="heng-year">
            {value.months.map((month) => (
              <Month
                key={month.month}
                shown={value}
                of={month}
                duties={of(month.month)}
                openMonth={openMonth}
              />
            ))}
          </div>
        </>
      )}
    </Loaded>
  );
}
