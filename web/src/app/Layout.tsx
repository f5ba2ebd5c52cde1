/** The frame: top bar, menu, page. */
import {
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  CalculatorOutlined,
  CalendarOutlined,
  CloudUploadOutlined,
  HomeOutlined,
  LineChartOutlined,
  MedicineBoxOutlined,
  MenuFoldOutlined,
  MenuOutlined,
  MenuUnfoldOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { Link, useRouterState } from '@tanstack/react-router';
import { Layout as Frame, Alert, Button, Drawer, Menu } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useCan, useMe } from '@/access/me';
import { useT } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { COLOURS, SIZES } from '@/ui/theme';
import { ENTRIES } from './navigation';
import type { Entry } from './navigation';
import { TopBar } from './TopBar';

const ICONS: Record<Entry['icon'], ReactNode> = {
  home: <HomeOutlined />,
  clients: <BankOutlined />,
  imports: <CloudUploadOutlined />,
  calendar: <CalendarOutlined />,
  outcomes: <MedicineBoxOutlined />,
  accuracy: <LineChartOutlined />,
  rules: <CalculatorOutlined />,
  people: <TeamOutlined />,
  security: <SafetyCertificateOutlined />,
  record: <AuditOutlined />,
  catalogue: <AppstoreOutlined />,
  settings: <SettingOutlined />,
};

const FOLD_STORE = 'heng.menu';

function Navigation({ folded, onGo }: { folded: boolean; onGo?: () => void }) {
  const t = useT();
  const can = useCan();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const items = ENTRIES.filter((entry) => !entry.right || can(entry.right)).map((entry) => ({
    key: entry.path,
    icon: ICONS[entry.icon],
    label: <Link to={entry.path}>{t(entry.word)}</Link>,
  }));
  const here = ENTRIES.filter((entry) => entry.path !== '/' && path.startsWith(entry.path));
  return (
    <Menu
      mode="inline"
      inlineCollapsed={folded}
      selectedKeys={[here[0]?.path ?? (path === '/' ? '/' : '')]}
      items={items}
      onClick={() => onGo?.()}
      style={{ borderInlineEnd: 0, flex: 1, paddingTop: 8 }}
    />
  );
}

export function Layout({ children }: { children: ReactNode }) {
  const t = useT();
  const narrow = useNarrow();
  const me = useMe();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [folded, setFolded] = useState(() => localStorage.getItem(FOLD_STORE) === 'folded');
  const [drawer, setDrawer] = useState(false);
  const fold = () => {
    localStorage.setItem(FOLD_STORE, folded ? 'open' : 'folded');
    setFolded(!folded);
  };
  const opener = (
    <Button
      type="text"
      icon={<MenuOutlined />}
      aria-label={t('nav.menu')}
      onClick={() => setDrawer(true)}
    />
  );
  return (
    <Frame style={{ minHeight: '100dvh' }}>
      <Frame.Header
        style={{
          position: 'sticky',
          top: 0,
          zIndex: 100,
          borderBottom: `1px solid ${COLOURS.line}`,
          lineHeight: 'normal',
          paddingInline: narrow ? 8 : 16,
        }}
      >
        <TopBar opener={narrow ? opener : null} />
      </Frame.Header>
      <Frame>
        {!narrow && (
          <Frame.Sider
            theme="light"
            width={SIZES.sider}
            collapsedWidth={SIZES.siderFolded}
            collapsed={folded}
            trigger={null}
            style={{
              position: 'sticky',
              top: SIZES.header,
              height: `calc(100vh - ${SIZES.header}px)`,
              borderInlineEnd: `1px solid ${COLOURS.line}`,
            }}
          >
            <nav
              aria-label={t('nav.menu')}
              style={{ display: 'flex', flexDirection: 'column', height: '100%' }}
            >
              <Navigation folded={folded} />
              <Button
                type="text"
                icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
                aria-label={folded ? t('nav.unfold') : t('nav.fold')}
                onClick={fold}
                style={{ margin: 8, justifyContent: 'flex-start', color: COLOURS.quiet }}
              >
                {folded ? null : t('nav.fold')}
              </Button>
            </nav>
          </Frame.Sider>
        )}
        <Frame.Content style={{ minWidth: 0 }}>
          <main className="heng-page">
            {me.totp_needed && path !== '/security' && (
              <Alert
                type="warning"
                showIcon
                title={t('totp.needed')}
                style={{ marginBottom: 12 }}
                action={
                  <Link to="/security" search={{ tab: 'totp' }}>{t('totp.needed.go')}</Link>
                }
              />
            )}
            {children}
          </main>
        </Frame.Content>
      </Frame>
      <Drawer
        open={narrow && drawer}
        placement="left"
        size={264}
        title={t('app.name')}
        onClose={() => setDrawer(false)}
        styles={{ body: { padding: 8 } }}
      >
        <Navigation folded={false} onGo={() => setDrawer(false)} />
      </Drawer>
    </Frame>
  );
}
