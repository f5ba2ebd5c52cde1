/** All addresses of the app on one page. */
import {
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Spin } from 'antd';
import { RIGHTS } from '@/access/rights';
import { Crash, NotFound } from '@/ui/problems';
import { Guard } from './Guard';
import { SignedIn } from './SignedIn';

/** Search parameters are plain texts, so that addresses stay readable. */
type Search<K extends string> = { [P in K]?: string };

function only<K extends string>(...keys: K[]) {
  return (search: Record<string, unknown>): Search<K> => {
    const kept: Search<K> = {};
    for (const key of keys) {
      const value = search[key];
      if (typeof value === 'string' && value !== '') kept[key] = value;
    }
    return kept;
  };
}

const root = createRootRoute({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: only('next'),
  component: lazyRouteComponent(() => import('@/features/identity/LoginPage'), 'LoginPage'),
});

const signedIn = createRoute({ getParentRoute: () => root, id: 'in', component: SignedIn });

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/overview/OverviewPage'), 'OverviewPage'),
});

const clients = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients',
  validateSearch: only(
    'q', 'stage', 'tag', 'lead', 'department', 'view', 'sort', 'cursor', 'limit', 'count', 'open',
    'new', 'findings', 'completeness_max',
  ),
  component: () => (
    <Guard right={RIGHTS.listClients}>
      <ClientListPage />
    </Guard>
  ),
});
const ClientListPage = lazyRouteComponent(
  () => import('@/features/clients/ClientListPage'),
  'ClientListPage',
);

const client = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/$id',
  validateSearch: only('tab', 'as_of'),
  component: () => (
    <ClientPage financial={(id, name) => <FinancialTab client={id} name={name} />} />
  ),
});
const ClientPage = lazyRouteComponent(
  () => import('@/features/clients/ClientPage'),
  'ClientPage',
);
const FinancialTab = lazyRouteComponent(
  () => import('@/features/statements/FinancialTab'),
  'FinancialTab',
);

const importStatements = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/$id/statements/import',
  component: lazyRouteComponent(() => import('@/features/statements/UploadPage'), 'UploadPage'),
});

const analysis = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/$id/analysis',
  validateSearch: only('period'),
  component: lazyRouteComponent(
    () => import('@/features/statements/AnalysisPage'),
    'AnalysisPage',
  ),
});

const statementSet = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/$id/statements/$kind/$period',
  validateSearch: only('sheet'),
  component: lazyRouteComponent(() => import('@/features/statements/SetPage'), 'SetPage'),
});

const statementEntry = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/$id/statements/$kind/$period/edit',
  component: lazyRouteComponent(() => import('@/features/statements/EntryPage'), 'EntryPage'),
});

const OutcomesPage = lazyRouteComponent(
  () => import('@/features/statements/OutcomesPage'),
  'OutcomesPage',
);
const outcomes = createRoute({
  getParentRoute: () => signedIn,
  path: '/statements/outcomes',
  validateSearch: only('severity', 'state', 'rule', 'client', 'name', 'lead', 'cursor'),
  component: () => (
    <Guard right={RIGHTS.listStatements}>
      <OutcomesPage />
    </Guard>
  ),
});

const AccuracyPage = lazyRouteComponent(
  () => import('@/features/statements/AccuracyPage'),
  'AccuracyPage',
);
const accuracy = createRoute({
  getParentRoute: () => signedIn,
  path: '/statements/accuracy',
  validateSearch: only('by', 'from', 'to', 'client', 'person', 'team', 'wrong', 'name'),
  component: () => (
    <Guard right={RIGHTS.listStatements}>
      <AccuracyPage />
    </Guard>
  ),
});

const RulesPage = lazyRouteComponent(() => import('@/features/statements/RulesPage'), 'RulesPage');
const rules = createRoute({
  getParentRoute: () => signedIn,
  path: '/statements/rules',
  validateSearch: only('q', 'family', 'severity'),
  component: () => (
    <Guard right={RIGHTS.readChart}>
      <RulesPage />
    </Guard>
  ),
});

const exportRequests = createRoute({
  getParentRoute: () => signedIn,
  path: '/exports',
  component: lazyRouteComponent(
    () => import('@/features/clients/exports/ApprovalsPage'),
    'ApprovalsPage',
  ),
});

const ImportsPage = lazyRouteComponent(
  () => import('@/features/clients/imports/ImportsPage'),
  'ImportsPage',
);
const imports = createRoute({
  getParentRoute: () => signedIn,
  path: '/imports',
  component: () => (
    <Guard right={RIGHTS.listImports}>
      <ImportsPage />
    </Guard>
  ),
});

const ImportPage = lazyRouteComponent(
  () => import('@/features/clients/imports/ImportPage'),
  'ImportPage',
);
const importOne = createRoute({
  getParentRoute: () => signedIn,
  path: '/imports/$id',
  component: () => (
    <Guard right={RIGHTS.listImports}>
      <ImportPage />
    </Guard>
  ),
});

const PeoplePage = lazyRouteComponent(() => import('@/features/identity/PeoplePage'), 'PeoplePage');
const people = createRoute({
  getParentRoute: () => signedIn,
  path: '/people',
  validateSearch: only('tab', 'q', 'explain'),
  component: () => (
    <Guard right={RIGHTS.listUsers}>
      <PeoplePage />
    </Guard>
  ),
});

const security = createRoute({
  getParentRoute: () => signedIn,
  path: '/security',
  validateSearch: only('tab'),
  component: lazyRouteComponent(
    () => import('@/features/identity/security/SecurityPage'),
    'SecurityPage',
  ),
});

const RecordPage = lazyRouteComponent(() => import('@/features/record/RecordPage'), 'RecordPage');
const record = createRoute({
  getParentRoute: () => signedIn,
  path: '/record',
  validateSearch: only('actor', 'action', 'outcome', 'client', 'from', 'to', 'cursor', 'limit'),
  component: () => (
    <Guard right={RIGHTS.listRecord}>
      <RecordPage />
    </Guard>
  ),
});

const CataloguePage = lazyRouteComponent(
  () => import('@/features/catalogue/CataloguePage'),
  'CataloguePage',
);
const catalogue = createRoute({
  getParentRoute: () => signedIn,
  path: '/catalogue',
  validateSearch: only('q', 'level'),
  component: () => (
    <Guard right={RIGHTS.listCatalogue}>
      <CataloguePage />
    </Guard>
  ),
});

const SettingsPage = lazyRouteComponent(
  () => import('@/features/settings/SettingsPage'),
  'SettingsPage',
);
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  validateSearch: only('tab'),
  component: () => (
    <Guard right={RIGHTS.listSettings}>
      <SettingsPage />
    </Guard>
  ),
});

const CalendarPage = lazyRouteComponent(
  () => import('@/features/calendar/CalendarPage'),
  'CalendarPage',
);
const calendar = createRoute({
  getParentRoute: () => signedIn,
  path: '/calendar',
  validateSearch: only(
    'tab', 'year', 'month', 'region', 'q', 'tax', 'lead', 'department', 'cursor',
  ),
  component: () => (
    <Guard right={RIGHTS.showCalendar}>
      <CalendarPage />
    </Guard>
  ),
});

const tree = root.addChildren([
  login,
  signedIn.addChildren([
    overview,
    clients,
    client,
    importStatements,
    analysis,
  statementSet,
    statementEntry,
    outcomes,
    accuracy,
    rules,
    exportRequests,
    imports,
    importOne,
    calendar,
    people,
    security,
    record,
    catalogue,
    settings,
  ]),
]);

function stringify(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(key, value);
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

export const router = createRouter({
  routeTree: tree,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: stringify,
  defaultNotFoundComponent: () => <NotFound />,
  defaultErrorComponent: ({ error }) => <Crash error={error} />,
  defaultPendingComponent: () => <Spin style={{ display: 'block', margin: '20vh auto' }} />,
  defaultPendingMs: 200,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
