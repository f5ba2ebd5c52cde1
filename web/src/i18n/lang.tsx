/** Which language is shown, and the words in it. */
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { en } from './en';
import { zh } from './zh';
import type { WordKey } from './zh';

export type Lang = 'zh' | 'en';
export type Params = Record<string, string | number>;
export type Translate = (key: WordKey, params?: Params) => string;

const STORE = 'heng.lang';

/** Fills `{name}` places of a text. */
export function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}

/** The words of one language as a function. */
export function translator(lang: Lang): Translate {
  const words = lang === 'zh' ? zh : en;
  return (key, params) => fill(words[key], params);
}

/** Whether a text made at run time is the key of a word. */
export function isWord(key: string): key is WordKey {
  return Object.hasOwn(zh, key);
}

interface LangState {
  lang: Lang;
  setLang: (lang: Lang) => void;
  t: Translate;
}

function firstLang(): Lang {
  const kept = localStorage.getItem(STORE);
  return kept === 'en' || kept === 'zh' ? kept : 'zh';
}

const LangContext = createContext<LangState>({
  lang: 'zh',
  setLang: () => {},
  t: translator('zh'),
});

export function LangProvider({ children }: { children: ReactNode }) {
  const [lang, set] = useState<Lang>(firstLang);
  const setLang = useCallback((next: Lang) => {
    localStorage.setItem(STORE, next);
    set(next);
  }, []);
  const state = useMemo(() => ({ lang, setLang, t: translator(lang) }), [lang, setLang]);
  return <LangContext.Provider value={state}>{children}</LangContext.Provider>;
}

export const useLang = (): LangState => useContext(LangContext);
export const useT = (): Translate => useContext(LangContext).t;

/** Picks the text of a thing that the server names in both languages. */
export function inLang(lang: Lang, thing: { zh?: string; en?: string }): string {
  return (lang === 'en' ? thing.en || thing.zh : thing.zh || thing.en) ?? '';
}

/** A word for a code of the server, or the code itself when it is unknown here. */
export function wordOr(t: Translate, prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return isWord(key) ? t(key) : code;
}
