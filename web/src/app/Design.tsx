/** Ant Design in the language of the person, with the nonce that the server set. */
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useLang } from '@/i18n/lang';
import { theme } from '@/ui/theme';
import { giveNonce } from './nonce';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
giveNonce(nonce);

// Motion is left out, not hurried: a drop-down that is placed while it moves would end up nowhere.
const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const design = still ? { ...theme, token: { ...theme.token, motion: false } } : theme;

export function Design({ children }: { children: ReactNode }) {
  const { lang } = useLang();
  dayjs.locale(lang === 'zh' ? 'zh-cn' : 'en');
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  }, [lang]);
  return (
    <ConfigProvider
      locale={lang === 'zh' ? zhCN : enUS}
      theme={design}
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
    >
      <App message={{ maxCount: 3, top: 64 }}>{children}</App>
    </ConfigProvider>
  );
}
