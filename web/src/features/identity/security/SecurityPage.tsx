/** 安全: my sign-in, my tokens, and the keys of the firm. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { Right } from '@/access/rights';
import { useT } from '@/i18n/lang';
import { PageHeader } from '@/ui/PageHeader';
import { KeysTab } from './KeysTab';
import { PasswordTab } from './PasswordTab';
import { SessionsTab } from './SessionsTab';
import { TokensTab } from './TokensTab';
import { TotpTab } from './TotpTab';

const TABS = ['sessions', 'password', 'totp', 'tokens', 'keys'] as const;
const NEEDED: Partial<Record<(typeof TABS)[number], Right>> = {
  tokens: RIGHTS.ownTokens,
  keys: RIGHTS.listKeys,
};

export function SecurityPage() {
  const t = useT();
  const can = useCan();
  const search = useSearch({ from: '/in/security' });
  const navigate = useNavigate({ from: '/security' });
  const tabs = TABS.filter((key) => {
    const right = NEEDED[key];
    return !right || can(right);
  });
  const tab = tabs.find((one) => one === search.tab) ?? 'sessions';
  return (
    <>
      <PageHeader title={t('nav.security')} />
      <Tabs
        activeKey={tab}
        onChange={(next) => void navigate({ search: { tab: next } })}
        tabBarStyle={{ marginBottom: 12 }}
        items={tabs.map((key) => ({ key, label: t(`security.${key}`) }))}
      />
      {tab === 'sessions' && <SessionsTab />}
      {tab === 'password' && <PasswordTab />}
      {tab === 'totp' && <TotpTab />}
      {tab === 'tokens' && <TokensTab />}
      {tab === 'keys' && <KeysTab />}
    </>
  );
}
