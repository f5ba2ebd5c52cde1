/** The top bar: mark, search, to-dos, language, the person. */
import { BellOutlined, SearchOutlined, TranslationOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Avatar, Badge, Button, Dropdown, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useCan, useMe } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { readOverview } from '@/api/clients';
import { signOut } from '@/api/session';
import { initial } from '@/format/text';
import { useLang } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { COLOURS } from '@/ui/theme';
import { Palette } from './Palette';

function Mark({ firm }: { firm: string | null }) {
  const { t } = useLang();
  return (
    <Link
      to="/"
      style={{ display: 'inline-flex', alignItems: 'center', gap: 8, color: COLOURS.text }}
    >
      <img src="/mark.svg" width={26} height={26} alt="" />
      <strong style={{ fontSize: 16, whiteSpace: 'nowrap' }}>{t('app.name')}</strong>
      {firm && (
        <span
          className="heng-quiet"
          style={{ borderInlineStart: `1px solid ${COLOURS.line}`, paddingInlineStart: 10 }}
        >
          {firm}
        </span>
      )}
    </Link>
  );
}

function SearchButton({ open, narrow }: { open: () => void; narrow: boolean }) {
  const { t } = useLang();
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  if (narrow) {
    return (
      <Button type="text" icon={<SearchOutlined />} aria-label={t('palette.open')} onClick={open} />
    );
  }
  return (
    <Button
      onClick={open}
      icon={<SearchOutlined />}
      className="heng-quiet"
      style={{ width: 280, justifyContent: 'flex-start', background: COLOURS.canvas }}
    >
      <span className="heng-grow" style={{ textAlign: 'start' }}>{t('palette.open')}</span>
      <kbd style={{ fontSize: 12, fontFamily: 'inherit' }}>
        {mac ? '⌘K' : 'Ctrl K'}
      </kbd>
    </Button>
  );
}

function Bell() {
  const { t } = useLang();
  const can = useCan();
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: readOverview,
    enabled: can(RIGHTS.showOverview),
    staleTime: 60_000,
  });
  const count = overview.data?.todos.length ?? 0;
  return (
    <Tooltip title={t('todo.title')}>
      <Link to="/" hash="todos" aria-label={`${t('todo.title')} ${count}`}>
        <Badge count={count} size="small" overflowCount={99} offset={[-4, 6]}>
          <Button type="text" icon={<BellOutlined />} tabIndex={-1} />
        </Badge>
      </Link>
    </Tooltip>
  );
}

function Person() {
  const { t } = useLang();
  const me = useMe();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const notify = useNotify();
  const leave = async () => {
    try {
      await signOut();
      window.location.assign('/login');
    } catch (error) {
      notify.bad(error);
    }
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'who',
            disabled: true,
            label: `${me.name} · ${t('level.n', { level: me.clearance })}`,
          },
          { type: 'divider' },
          { key: 'security', label: t('person.security') },
          { key: 'out', label: t('person.out') },
        ],
        onClick: ({ key }) => {
          if (key === 'security') void navigate({ to: '/security' });
          if (key === 'out') void leave();
        },
      }}
    >
      <Button type="text" style={{ paddingInline: 6 }} aria-label={me.display_name}>
        <Avatar size={26} style={{ background: COLOURS.primary }}>
          {initial(me.display_name)}
        </Avatar>
        {!narrow && <span>{me.display_name}</span>}
      </Button>
    </Dropdown>
  );
}

export function TopBar({ opener }: { opener: ReactNode }) {
  const { lang, setLang, t } = useLang();
  const me = useMe();
  const narrow = useNarrow();
  const [palette, setPalette] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setPalette(true);
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 4, height: '100%' }}>
      {opener}
      <Mark firm={narrow ? null : me.firm.name} />
      <span className="heng-grow" />
      <SearchButton open={() => setPalette(true)} narrow={narrow} />
      <Bell />
      <Tooltip title={t('lang.switch')}>
        <Button
          type="text"
          icon={<TranslationOutlined />}
          aria-label={`${t('lang.switch')} ${t('lang.other')}`}
          onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
        >
          {narrow ? null : t('lang.other')}
        </Button>
      </Tooltip>
      <Person />
      <Palette open={palette} close={() => setPalette(false)} />
    </div>
  );
}
