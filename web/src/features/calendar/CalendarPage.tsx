/** 税务日历: what is due when, the year, the notices behind it, and one's subscription. */
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Tabs } from 'antd';
import dayjs from 'dayjs';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { useT } from '@/i18n/lang';
import { PageHeader } from '@/ui/PageHeader';
import { FeedTab } from './FeedTab';
import { GridTab } from './GridTab';
import type { GridSearch } from './GridTab';
import { NoticesTab } from './NoticesTab';
import { YearTab } from './YearTab';
import './calendar.css';

type Tab = 'grid' | 'year' | 'notices' | 'feed';

export function CalendarPage() {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate({ from: '/calendar' });
  const search = useSearch({ from: '/in/calendar' });
  const now = dayjs();
  const year = Number(search.year) || now.year();
  const month = Number(search.month) || now.month() + 1;
  const tabs: Tab[] = ['year', 'notices'];
  if (can(RIGHTS.listClients)) tabs.unshift('grid');
  if (can(RIGHTS.ownFeed)) tabs.push('feed');
  const tab = tabs.find((name) => name === search.tab) ?? tabs[0] ?? 'year';
  const go = (next: Record<string, string>) => {
    const all = { ...search, ...next };
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value));
    void navigate({ search: kept });
  };
  const step = (by: number) => {
    const at = tab === 'grid' ? year * 12 + month - 1 + by : (year + by) * 12 + month - 1;
    go({ year: String(Math.floor(at / 12)), month: String((at % 12) + 1), cursor: '' });
  };
  const { q, tax, lead, department, cursor } = search;
  const filters: GridSearch = Object.fromEntries(
    Object.entries({ q, tax, lead, department, cursor }).filter(([, value]) => value),
  );
  const shown = `${t('calendar.year', { year })} ${
    tab === 'grid' ? t('calendar.month', { month }) : ''
  }`;
  const content = {
    grid: (
      <GridTab
        year={year}
        month={month}
        search={filters}
        change={(next) => go({ cursor: '', ...next })}
      />
    ),
    year: (
      <YearTab
        year={year}
        region={search.region ?? ''}
        openMonth={(next) => go({ tab: 'grid', month: String(next), cursor: '' })}
      />
    ),
    notices: <NoticesTab year={now.year()} />,
    feed: <FeedTab />,
  };
  const dated = tab === 'grid' || tab === 'year';
  const actions = dated && (
    <>
      {tab === 'year' && (
        <Input.Search
          allowClear
          style={{ width: 190 }}
          defaultValue={search.region ?? ''}
          aria-label={t('calendar.region')}
          placeholder={t('calendar.region.hint')}
          onSearch={(region) => go({ region })}
        />
      )}
      <Button
        icon={<LeftOutlined />}
        aria-label={t('calendar.before')}
        onClick={() => step(-1)}
      />
      <strong className="heng-num">{shown}</strong>
      <Button icon={<RightOutlined />} aria-label={t('calendar.after')} onClick={() => step(1)} />
      <Button onClick={() => go({ year: '', month: '', cursor: '' })}>{t('calendar.today')}</Button>
    </>
  );
  return (
    <>
      <PageHeader title={t('nav.calendar')} about={t('calendar.about')} actions={actions} />
      <Tabs
        activeKey={tab}
        onChange={(key) => go({ tab: key })}
        destroyOnHidden
        items={tabs.map((key) => ({
          key,
          label: t(`calendar.tab.${key}`),
          children: <div className="heng-calendar">{content[key]}</div>,
        }))}
      />
    </>
  );
}
