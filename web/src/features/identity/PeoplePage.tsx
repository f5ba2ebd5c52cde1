/** 人员与权限: people, roles, departments, and the answer to “what does this person see, and why”. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { useT } from '@/i18n/lang';
import { PageHeader } from '@/ui/PageHeader';
import { DepartmentsTab } from './DepartmentsTab';
import { RolesTab } from './RolesTab';
import { UsersTab } from './UsersTab';

const TABS = ['users', 'roles', 'departments'] as const;

export function PeoplePage() {
  const t = useT();
  const search = useSearch({ from: '/in/people' });
  const navigate = useNavigate({ from: '/people' });
  const tab = TABS.find((one) => one === search.tab) ?? 'users';
  return (
    <>
      <PageHeader title={t('nav.people')} />
      <Tabs
        activeKey={tab}
        onChange={(next) => void navigate({ search: next === 'users' ? {} : { tab: next } })}
        tabBarStyle={{ marginBottom: 12 }}
        items={TABS.map((key) => ({ key, label: t(`people.${key}`) }))}
      />
      {tab === 'users' && <UsersTab />}
      {tab === 'roles' && <RolesTab />}
      {tab === 'departments' && <DepartmentsTab />}
    </>
  );
}
