/** The pages of the menu, and the right that each one needs. */
import { RIGHTS } from '@/access/rights';
import type { Right } from '@/access/rights';
import type { WordKey } from '@/i18n/zh';

export interface Entry {
  path:
    | '/'
    | '/clients'
    | '/imports'
    | '/calendar'
    | '/statements/outcomes'
    | '/statements/accuracy'
    | '/statements/rules'
    | '/people'
    | '/security'
    | '/record'
    | '/catalogue'
    | '/settings';
  word: WordKey;
  icon:
    | 'home'
    | 'clients'
    | 'imports'
    | 'calendar'
    | 'outcomes'
    | 'accuracy'
    | 'rules'
    | 'people'
    | 'security'
    | 'record'
    | 'catalogue'
    | 'settings';
  right?: Right;
  /** Pinyin and other words by which the palette finds the page. */
  finds: string;
}

export const ENTRIES: Entry[] = [
  { path: '/', word: 'nav.overview', icon: 'home', finds: 'gongzuotai gzt home overview' },
  {
    path: '/clients',
    word: 'nav.clients',
    icon: 'clients',
    right: RIGHTS.listClients,
    finds: 'kehudangan khda clients archive',
  },
  {
    path: '/imports',
    word: 'nav.imports',
    icon: 'imports',
    right: RIGHTS.listImports,
    finds: 'daoru dr import',
  },
  {
    path: '/calendar',
    word: 'nav.calendar',
    icon: 'calendar',
    right: RIGHTS.showCalendar,
    finds: 'shuiwurili swrl zhengqi tax calendar deadlines',
  },
  {
    path: '/statements/outcomes',
    word: 'nav.outcomes',
    icon: 'outcomes',
    right: RIGHTS.listStatements,
    finds: 'shujutijian sjtj data check outcomes statements',
  },
  {
    path: '/statements/accuracy',
    word: 'nav.accuracy',
    icon: 'accuracy',
    right: RIGHTS.listStatements,
    finds: 'zhunquelv zql accuracy',
  },
  {
    path: '/statements/rules',
    word: 'nav.rules',
    icon: 'rules',
    right: RIGHTS.readChart,
    finds: 'goujiguize gjgz rules articulation',
  },
  {
    path: '/people',
    word: 'nav.people',
    icon: 'people',
    right: RIGHTS.listUsers,
    finds: 'renyuanyuquanxian ryyqx people roles users',
  },
  { path: '/security', word: 'nav.security', icon: 'security', finds: 'anquan aq security keys' },
  {
    path: '/record',
    word: 'nav.record',
    icon: 'record',
    right: RIGHTS.listRecord,
    finds: 'shenjirizhi sjrz audit record log',
  },
  {
    path: '/catalogue',
    word: 'nav.catalogue',
    icon: 'catalogue',
    right: RIGHTS.listCatalogue,
    finds: 'fenleifenjimulu flfjml catalogue classification',
  },
  {
    path: '/settings',
    word: 'nav.settings',
    icon: 'settings',
    right: RIGHTS.listSettings,
    finds: 'xitongshezhi xtsz settings',
  },
];
