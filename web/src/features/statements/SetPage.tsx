/** One set: its statements or its return, what the rules say, and its steps. */
import { HistoryOutlined } from '@ant-design/icons';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Badge, Button, Tabs } from 'antd';
import { useEffect, useState } from 'react';
import type { RuleResult, SetView } from '@/api/statementShapes';
import type { SetAt } from '@/api/statements';
import { useT, wordOr } from '@/i18n/lang';
import { PageHeader } from '@/ui/PageHeader';
import { COLOURS } from '@/ui/theme';
import { formatFen } from '@/format/money';
import { Crumbs } from './Crumbs';
import { SHEETS } from './drafts';
import { marksOf } from './marks';
import { OutcomePanel } from './OutcomePanel';
import { CountsShown, kindName, LoadedFigures, StateTag, UnitSwitch, useUnit } from './parts';
import { useSet } from './queries';
import { RevisionsDrawer } from './RevisionsDrawer';
import { FiledTable, SheetTable } from './SheetTable';
import { StepBar } from './StepBar';

/** How many marked cells a statement has. */
function marked(marks: Map<string, RuleResult[]>, sheet: string): number {
  return [...marks.keys()].filter((key) => key.startsWith(`${sheet}-`)).length;
}

function Facts({ view, unit }: { view: SetView; unit: 'yuan' | 'wan' }) {
  const t = useT();
  const facts = Object.entries(view.facts);
  if (facts.length === 0) return null;
  return (
    <dl className="heng-toolbar" style={{ margin: 0, padding: 12, gap: '4px 24px' }}>
      {facts.map(([fact, value]) => (
        <div key={fact} style={{ display: 'flex', gap: 8 }}>
          <dt className="heng-quiet">{wordOr(t, 'st.fact', fact)}</dt>
          <dd className="heng-num" style={{ margin: 0 }}>
            {fact === 'no_distribution_confirmed'
              ? t(value ? 'word.yes' : 'word.no')
              : formatFen(value, unit)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Inside({ at, view }: { at: SetAt; view: SetView }) {
  const t = useT();
  const [unit, setUnit] = useUnit();
  const [focus, setFocus] = useState<string | null>(null);
  const [history, setHistory] = useState(false);
  const search = useSearch({ from: '/in/clients/$id/statements/$kind/$period' });
  const navigate = useNavigate({ from: '/clients/$id/statements/$kind/$period' });
  const marks = marksOf(view);
  const sheets = SHEETS.flatMap((kind) => view.statements.filter((one) => one.kind === kind));
  const tab = sheets.find((one) => one.kind === search.sheet)?.kind ?? sheets[0]?.kind;
  const turn = (sheet: string) =>
    void navigate({ search: (now) => ({ ...now, sheet }), replace: true });
  const goTo = (key: string) => {
    const sheet = key.split('-')[0] ?? '';
    if (view.kind === 'FS' && sheet !== tab) turn(sheet);
    setFocus(key);
  };
  useEffect(() => {
    if (!focus) return;
    const cell = document.getElementById(`cell-${focus}`);
    cell?.scrollIntoView({ block: 'center', inline: 'nearest' });
    cell?.focus({ preventScroll: true });
  }, [focus, tab]);
  const shared = { marks, focus, unit };
  return (
    <>
      <PageHeader
        title={`${kindName(t, view.kind)} ${view.period}`}
        about={
          <span className="heng-toolbar" style={{ gap: '2px 12px' }}>
            <StateTag state={view.state} />
            <span>{t('st.revision.n', { number: view.shown })}</span>
            <CountsShown counts={view.counts} words />
          </span>
        }
        actions={
          <>
            <UnitSwitch unit={unit} setUnit={setUnit} />
            <Button icon={<HistoryOutlined />} onClick={() => setHistory(true)}>
              {t('st.revisions')}
            </Button>
          </>
        }
      />
      <StepBar at={at} view={view} />
      <div className="st-set">
        <section className="heng-panel" style={{ minWidth: 0 }}>
          {view.filed && (
            <FiledTable filed={view.filed} results={view.results} {...shared} />
          )}
          {tab && (
            <Tabs
              activeKey={tab}
              onChange={turn}
              tabBarStyle={{ paddingInline: 12, marginBottom: 0 }}
              items={sheets.map((sheet) => ({
                key: sheet.kind,
                label: (
                  <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }}>
                    {t(`st.sheet.${sheet.kind}`)}
                    <Badge
                      size="small"
                      count={marked(marks, sheet.kind)}
                      color={COLOURS.bad}
                      title={t('st.marked', { count: marked(marks, sheet.kind) })}
                    />
                  </span>
                ),
                children: <SheetTable sheet={sheet} {...shared} />,
              }))}
            />
          )}
          <Facts view={view} unit={unit} />
        </section>
        <OutcomePanel at={at} view={view} unit={unit} goTo={goTo} />
      </div>
      <RevisionsDrawer at={at} open={history} close={() => setHistory(false)} unit={unit} />
    </>
  );
}

export function SetPage() {
  const t = useT();
  const { id, kind, period } = useParams({ from: '/in/clients/$id/statements/$kind/$period' });
  const at = { client: id, kind, period };
  const set = useSet(at);
  return (
    <>
      <Crumbs client={id} here={`${kindName(t, kind)} ${period}`} />
      <LoadedFigures query={set} page>
        {(view) => <Inside key={`${kind}${period}`} at={at} view={view} />}
      </LoadedFigures>
    </>
  );
}
