/** What came of an import: each set with what its rules say. */
import { Link } from '@tanstack/react-router';
import type { SetRow } from '@/api/statementShapes';
import { inLang, useLang, useT } from '@/i18n/lang';
import { SeverityMark } from '@/ui/tags';
import { Amount, CountsShown, kindName, LoadedFigures, StateTag } from './parts';
import { useSet } from './queries';

function Broken({ client, row }: { client: string; row: SetRow }) {
  const { lang, t } = useLang();
  const set = useSet({ client, kind: row.kind, period: row.period });
  return (
    <LoadedFigures query={set}>
      {(view) => {
        const broken = view.results.filter((one) => one.outcome === 'broken');
        if (broken.length === 0) return <p className="heng-quiet">{t('st.saved.clean')}</p>;
        return (
          <ul style={{ margin: '8px 0 0', paddingInlineStart: 0, listStyle: 'none' }}>
            {broken.slice(0, 8).map((one, index) => (
              <li key={`${one.rule}${index}`} className="heng-toolbar" style={{ padding: '2px 0' }}>
                <SeverityMark severity={one.severity} />
                <span className="heng-code">{one.rule}</span>
                <span className="heng-grow">
                  {inLang(lang, { zh: one.name, en: one.name_en })}
                </span>
                <Amount fen={one.difference_fen} unit="yuan" />
              </li>
            ))}
            {broken.length > 8 && (
              <li className="heng-quiet">{t('st.saved.more', { count: broken.length - 8 })}</li>
            )}
          </ul>
        );
      }}
    </LoadedFigures>
  );
}

export function SavedSets({ client, rows }: { client: string; rows: SetRow[] }) {
  const t = useT();
  // Several files may have changed one set: its last answer counts.
  const last = new Map(rows.map((row) => [`${row.kind} ${row.period}`, row]));
  return (
    <section className="heng-panel heng-panel-pad" style={{ marginTop: 12 }} aria-live="polite">
      <h2 style={{ fontSize: 16, margin: '0 0 8px' }}>{t('st.saved', { count: last.size })}</h2>
      {[...last.values()].map((row) => (
        <div
          key={`${row.kind} ${row.period}`}
          style={{ borderTop: '1px solid #e8ebf0', padding: '12px 0' }}
        >
          <div className="heng-toolbar">
            <Link
              to="/clients/$id/statements/$kind/$period"
              params={{ id: client, kind: row.kind, period: row.period }}
            >
              <strong>{kindName(t, row.kind)} {row.period}</strong>
            </Link>
            <StateTag state={row.state} />
            <span className="heng-quiet">{t('st.revision.n', { number: row.number })}</span>
            <CountsShown counts={row.counts} words />
          </div>
          <Broken client={client} row={row} />
        </div>
      ))}
    </section>
  );
}
