/** 手工录入: the statements of a period, typed or corrected by hand. */
import { useNavigate, useParams } from '@tanstack/react-router';
import {
  Alert, App, Button, Checkbox, Collapse, Input, Segmented, Select, Tabs,
} from 'antd';
import { useEffect, useState } from 'react';
import type {
  Cause, SetView, SheetKind, SheetUnit, Standard,
} from '@/api/statementShapes';
import type { SetAt } from '@/api/statements';
import { Problem } from '@/api/client';
import { useT } from '@/i18n/lang';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { ProblemAlert } from '@/ui/problems';
import { UnsavedGuard } from '@/ui/UnsavedGuard';
import { CauseFields } from './CauseFields';
import { Crumbs } from './Crumbs';
import { keepDraft, readDraft, SHEETS, startOf } from './drafts';
import type { EntryDraft } from './drafts';
import {
  columnsOf, factsOf, figuresOf, isTypable, sheetsOf, turned, wrongCells,
} from './entry';
import { EntryGrid } from './EntryGrid';
import { cellKey } from './marks';
import { CoreAway, isCoreAway, LoadedFigures, useReason } from './parts';
import { tidyInUnit } from './paste';
import { useChart, useSaveSet, useSet, useSets } from './queries';
import { totals } from './sums';

const FACTS = [
  'restricted_cash', 'restricted_cash_opening', 'cash_equivalents', 'cash_equivalents_opening',
  'profit_declared', 'prior_period_adjustment', 'registered_capital',
] as const;

function FactFields({ draft, change }: { draft: EntryDraft; change: (next: EntryDraft) => void }) {
  const t = useT();
  const put = (fact: string, text: string) =>
    change({ ...draft, facts: { ...draft.facts, [fact]: text } });
  return (
    <>
      <p className="heng-quiet" style={{ marginTop: 0 }}>{t('st.facts.about')}</p>
      <div className="heng-form">
        {FACTS.map((fact) => (
          <label key={fact} style={{ display: 'grid', gap: 2, marginBottom: 12 }}>
            <span>{t(`st.fact.${fact}`)}</span>
            <Input
              inputMode="decimal"
              suffix={t('unit.yuan')}
              status={factsOf({ [fact]: draft.facts[fact] ?? '' }) ? '' : 'error'}
              value={draft.facts[fact] ?? ''}
              onChange={(event) => put(fact, event.target.value)}
            />
          </label>
        ))}
        <Checkbox
          className="wide"
          checked={draft.facts['no_distribution_confirmed'] === '1'}
          onChange={(event) => put('no_distribution_confirmed', event.target.checked ? '1' : '0')}
        >
          {t('st.fact.no_distribution_confirmed')}
        </Checkbox>
      </div>
    </>
  );
}

/** The draft of a set and whether it differs from what is saved. */
function useDraft(at: SetAt, view: SetView | null) {
  const [draft, set] = useState<EntryDraft>(() => readDraft(at) ?? startOf(view));
  const [dirty, setDirty] = useState(() => readDraft(at) !== undefined);
  const change = (next: EntryDraft) => {
    keepDraft(at, next);
    set(next);
    setDirty(true);
  };
  const drop = () => {
    keepDraft(at, null);
    set(startOf(view));
    setDirty(false);
  };
  return { draft, dirty, change, drop };
}

function Form({ at, view, fresh }: { at: SetAt; view: SetView | null; fresh: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const notify = useNotify();
  const navigate = useNavigate();
  const reason = useReason();
  const save = useSaveSet();
  const { draft, dirty, change, drop } = useDraft(at, view);
  const [tab, setTab] = useState<SheetKind>('balance_sheet');
  const [cause, setCause] = useState<Cause>();
  const [why, setWhy] = useState('');
  const [leaving, setLeaving] = useState(false);
  const chart = useChart(draft.standard);
  const correcting = Boolean(view?.first_submitted);
  const may = view?.may[correcting ? 'correct' : 'import'];
  const allowed = may?.allowed ?? true;
  const wrong = wrongCells(draft);
  const facts = factsOf(draft.facts);
  const sheets = chart.data ? sheetsOf(draft, chart.data, view, at.period) : [];
  const explained = !correcting || (cause !== undefined && why.trim() !== '');
  const ready = allowed && wrong.length === 0 && facts !== null && sheets.length > 0 && explained;
  const setPage = { to: '/clients/$id/statements/$kind/$period' as const };
  const params = { id: at.client, kind: at.kind, period: at.period };

  useEffect(() => {
    // Only once the guard knows that nothing is lost may the page be left.
    if (leaving) void navigate({ ...setPage, params });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [leaving]);

  const store = () =>
    save.mutate(
      {
        at,
        version: view?.version,
        body: {
          statements: sheets,
          facts: facts ?? {},
          ...(correcting && cause ? { cause, why: why.trim() } : {}),
        },
      },
      {
        onSuccess: () => {
          drop();
          notify.good(t('action.saved'));
          setLeaving(true);
        },
      },
    );
  const put = (texts: Record<string, string>) =>
    change({ ...draft, texts: { ...draft.texts, ...texts } });
  const fillTotals = () => {
    const texts: Record<string, string> = {};
    const lines = chart.data?.statements[tab] ?? [];
    for (const column of columnsOf(tab, at.period, view)) {
      for (const [line, total] of totals(lines, figuresOf(draft, tab, column, lines))) {
        const key = cellKey(tab, column, line);
        if (!draft.texts[key]) texts[key] = tidyInUnit(total.fen, draft.unit);
      }
    }
    put(texts);
  };
  const stale = save.error instanceof Problem && save.error.code === 'statement.stale';
  return (
    <div
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && ready) {
          event.preventDefault();
          store();
        }
      }}
    >
      <UnsavedGuard dirty={dirty && !save.isSuccess} />
      <PageHeader
        title={`${t(correcting ? 'st.do.correct' : 'st.type')} ${at.period}`}
        about={t('st.type.about')}
        actions={
          <>
            <Button disabled={!dirty} onClick={drop}>{t('st.draft.drop')}</Button>
            <Button
              type="primary"
              disabled={!ready}
              loading={save.isPending}
              title={t('st.save.keys')}
              onClick={store}
            >
              {t('action.save')}
            </Button>
          </>
        }
      />
      {!allowed && (
        <Alert type="warning" showIcon title={reason(may)} style={{ marginBottom: 12 }} />
      )}
      {correcting && allowed && (
        <section className="heng-panel heng-panel-pad" style={{ marginBottom: 12 }}>
          <p style={{ marginTop: 0 }}>{t('st.corrects')}</p>
          <CauseFields cause={cause} setCause={setCause} why={why} setWhy={setWhy} />
        </section>
      )}
      {isCoreAway(save.error) ? (
        <CoreAway error={save.error} />
      ) : (
        <ProblemAlert error={save.error} {...(stale ? { retry: fresh } : {})} />
      )}
      <section className="heng-panel">
        <div className="heng-toolbar" style={{ padding: 12 }}>
          <Segmented<Standard>
            aria-label={t('st.standard')}
            value={draft.standard}
            disabled={Boolean(view && view.statements.length > 0)}
            onChange={(standard) => change({ ...draft, standard })}
            options={(['small', 'general'] as const).map((value) => ({
              value,
              label: t(`st.standard.${value}`),
            }))}
          />
          <Select<SheetUnit>
            style={{ width: 110 }}
            aria-label={t('st.unit')}
            value={draft.unit}
            onChange={(unit) => change(turned(draft, unit))}
            options={(['yuan', 'thousand', 'ten_thousand'] as const).map((value) => ({
              value,
              label: t('st.unit.is', { unit: t(`st.unit.${value}`) }),
            }))}
          />
          <Checkbox
            checked={draft.carriesFen}
            disabled={draft.unit !== 'yuan'}
            onChange={(event) => change({ ...draft, carriesFen: event.target.checked })}
          >
            {t('st.carries')}
          </Checkbox>
          <span className="heng-grow" />
          {wrong.length > 0 && (
            <span style={{ color: '#cf1322' }}>{t('st.wrong.count', { count: wrong.length })}</span>
          )}
          <Button onClick={fillTotals}>{t('st.fill')}</Button>
        </div>
        <Tabs
          activeKey={tab}
          onChange={(key) => setTab(key as SheetKind)}
          tabBarStyle={{ paddingInline: 12, marginBottom: 0 }}
          items={SHEETS.map((kind) => ({ key: kind, label: t(`st.sheet.${kind}`) }))}
        />
        {isTypable(view, tab) ? (
          <LoadedFigures query={chart}>
            {(lines) => (
              <EntryGrid
                key={tab}
                kind={tab}
                lines={lines.statements[tab] ?? []}
                columns={columnsOf(tab, at.period, view)}
                draft={draft}
                put={put}
                refused={(texts) =>
                  void message.warning(
                    t('st.paste.wrong', {
                      count: texts.length,
                      first: texts.slice(0, 3).join(t('st.comma')),
                    }),
                  )
                }
              />
            )}
          </LoadedFigures>
        ) : (
          <p className="heng-quiet" style={{ padding: 12 }}>{t('st.type.older')}</p>
        )}
        <Collapse
          ghost
          items={[
            {
              key: 'facts',
              label: t('st.facts'),
              children: <FactFields draft={draft} change={change} />,
            },
          ]}
        />
      </section>
    </div>
  );
}

/** The set as it is, when there is one already. */
function Existing({ at }: { at: SetAt }) {
  const set = useSet(at);
  return (
    <LoadedFigures query={set} page>
      {(view) => (
        <Form at={at} view={view} fresh={() => void set.refetch()} />
      )}
    </LoadedFigures>
  );
}

export function EntryPage() {
  const t = useT();
  const { id, kind, period } = useParams({ from: '/in/clients/$id/statements/$kind/$period/edit' });
  const at = { client: id, kind, period };
  const sets = useSets(id);
  return (
    <>
      <Crumbs client={id} here={t('st.type')} />
      <LoadedFigures query={sets} page>
        {(list) =>
          list.items.some((row) => row.kind === kind && row.period === period) ? (
            <Existing at={at} />
          ) : (
            <Form at={at} view={null} fresh={() => void sets.refetch()} />
          )
        }
      </LoadedFigures>
    </>
  );
}
