/** The revisions of a set: who, when, why, and what changed line by line. */
import { Drawer, Table } from 'antd';
import { useState } from 'react';
import type { ChartLine, Revision, SetView, Sheet } from '@/api/statementShapes';
import type { SetAt } from '@/api/statements';
import type { MoneyUnit } from '@/format/money';
import { formatInstant } from '@/format/time';
import { inLang, useLang, useT, wordOr } from '@/i18n/lang';
import { Loaded, Nothing } from '@/ui/problems';
import { Chip } from '@/ui/tags';
import { changesOf } from './marks';
import type { Change } from './marks';
import { Amount, LoadedFigures } from './parts';
import { useChart, useRevisions, useSet } from './queries';

interface Props {
  at: SetAt;
  open: boolean;
  close: () => void;
  unit: MoneyUnit;
}

/** The name of a line, from the chart of the sheet that it stands in. */
function useLineName(sheets: Sheet[]): (change: Change) => string {
  const { lang, t } = useLang();
  const small = useChart('small');
  const general = useChart('general');
  return (change) => {
    const sheet = sheets.find((one) => one.kind === change.sheet);
    const chart = sheet?.standard === 'general' ? general.data : small.data;
    const charted = sheet && (sheet.standard === 'small' || sheet.layout === 'prescribed');
    const lines: ChartLine[] = (charted && chart?.statements[sheet.kind]) || [];
    const line = lines.find((one) => String(one.number) === change.line);
    return line ? `${change.line} ${inLang(lang, line)}` : t('st.line.n', { number: change.line });
  };
}

function Changes({ before, after, unit }: { before: SetView; after: SetView; unit: MoneyUnit }) {
  const t = useT();
  const name = useLineName(after.statements);
  const changes = changesOf(before, after);
  if (changes.length === 0) return <p className="heng-quiet">{t('st.changes.none')}</p>;
  return (
    <Table<Change>
      size="small"
      rowKey={(row) => row.key}
      dataSource={changes}
      pagination={changes.length > 50 ? { pageSize: 50 } : false}
      scroll={{ x: 520 }}
      columns={[
        {
          key: 'line',
          title: t('st.item'),
          render: (_, row) => (
            <>
              {name(row)}
              <div className="heng-quiet">
                {wordOr(t, 'st.sheet', row.sheet)} · {wordOr(t, 'st.column', row.column)}
              </div>
            </>
          ),
        },
        {
          key: 'before',
          title: t('st.before'),
          align: 'end',
          width: 130,
          render: (_, row) => <Amount fen={row.before} unit={unit} />,
        },
        {
          key: 'after',
          title: t('st.after'),
          align: 'end',
          width: 130,
          render: (_, row) => <Amount fen={row.after} unit={unit} />,
        },
      ]}
    />
  );
}

function Differences({ at, number, unit }: { at: SetAt; number: number; unit: MoneyUnit }) {
  const t = useT();
  const after = useSet(at, number);
  const before = useSet(at, number - 1, number > 1);
  return (
    <LoadedFigures query={after}>
      {(now) => (
        <>
          {now.why && <p className="heng-wrap" style={{ marginTop: 0 }}>{now.why}</p>}
          {number === 1 ? (
            <p className="heng-quiet">{t('st.changes.first')}</p>
          ) : (
            <LoadedFigures query={before}>
              {(old) => <Changes before={old} after={now} unit={unit} />}
            </LoadedFigures>
          )}
        </>
      )}
    </LoadedFigures>
  );
}

export function RevisionsDrawer({ at, open, close, unit }: Props) {
  const t = useT();
  const revisions = useRevisions(at, open);
  const [shown, setShown] = useState<readonly React.Key[]>([]);
  return (
    <Drawer
      open={open}
      onClose={close}
      size={820}
      title={t('st.revisions')}
      destroyOnHidden
      styles={{ wrapper: { maxWidth: '100vw' } }}
    >
      <Loaded query={revisions}>
        {(rows) =>
          rows.length === 0 ? (
            <Nothing text={t('table.empty')} />
          ) : (
            <Table<Revision>
              size="small"
              rowKey={(row) => row.number}
              dataSource={rows}
              pagination={false}
              scroll={{ x: 520 }}
              expandable={{
                expandedRowKeys: shown,
                onExpandedRowsChange: setShown,
                expandedRowRender: (row) => (
                  <Differences at={at} number={row.number} unit={unit} />
                ),
              }}
              columns={[
                {
                  key: 'number',
                  title: t('st.revision'),
                  width: 90,
                  render: (_, row) => (
                    <strong className="heng-num">
                      {t('st.revision.n', { number: row.number })}
                    </strong>
                  ),
                },
                { key: 'by', title: t('st.by'), render: (_, row) => row.by.name },
                {
                  key: 'at',
                  title: t('st.at'),
                  width: 140,
                  render: (_, row) => (
                    <span className="heng-num">{formatInstant(row.by.at)}</span>
                  ),
                },
                {
                  key: 'source',
                  title: t('st.source'),
                  width: 100,
                  render: (_, row) => wordOr(t, 'st.source', row.source),
                },
                {
                  key: 'cause',
                  title: t('st.cause'),
                  width: 110,
                  render: (_, row) =>
                    row.cause ? <Chip tone="amber">{t(`st.cause.${row.cause}`)}</Chip> : '–',
                },
              ]}
            />
          )
        }
      </Loaded>
    </Drawer>
  );
}
