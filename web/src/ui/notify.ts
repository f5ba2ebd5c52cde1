/** Short messages for what went well, and for failures that have no place on the page. */
import { App } from 'antd';
import { useLang } from '@/i18n/lang';
import { ProofRefused } from './Proof';
import { problemText } from './problems';

export function useNotify() {
  const { message } = App.useApp();
  const { lang, t } = useLang();
  return {
    good: (text: string) => void message.success(text),
    bad: (error: unknown) => {
      if (error instanceof ProofRefused) return;
      void message.error(problemText(error, lang, t));
    },
  };
}
