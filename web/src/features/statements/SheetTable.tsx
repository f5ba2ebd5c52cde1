/** A statement as its form prints it, with broken cells marked. */
import { CloseCircleFilled, InfoCircleFilled, WarningFilled } from '@ant-design/icons';
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import type { Severity } from '@/api/shapes';
import type {
  ChartLine, Filed, RuleResult, Sheet, SheetColumn,
} from '@/api/statementShapes';
import type { MoneyUnit } from '@/format/money';
import { inLang, useLang, useT, wordOr } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { cellKey } from './marks';
import { Amount } from './parts';
import { useChart } from './queries';
import { sides } from './sums';

/** The columns of a statement, in the order in which forms print them. */
export const COLUMN_ORDER: SheetColumn[] = [
  'closing', 'opening', 'current', 'year_to_date', 'prior',
];

interface Marked {
  marks: Map<string, RuleResult[]>;
  /** The cell that was asked for. */
  focus: string | null;
  unit: MoneyUnit;
}

const ICONS: Record<Severity, ReactNode> = {
  error: <CloseCircleFilled />,
  warning: <WarningFilled />,
  hint: <InfoCircleFilled />,
};

interface CellProps extends Marked {
  at: string;
  fen: number | undefined;
}

function Cell({ at, fen, marks, focus, unit }: CellProps) {
  const { lang, t } = useLang();
  const broken = marks.get(at);
  const worst = broken?.[0];
  const names = (broken ?? []).map(
    (one) => `${one.rule} ${inLang(lang, { zh: one.name, en: one.name_en })}`,
  );
  const amount = <Amount fen={fen} unit={unit} />;
  return (
    <td
      id={`cell-${at}`}
      tabIndex={-1}
      className="st-amount"
      data-mark={worst?.severity}
      data-focus={focus === at || undefined}
    >
      {worst ? (
        <Tooltip
          title={
            <>
              {names.map((name, index) => (
                <div key={`${name}${index}`}>{name}</div>
              ))}
            </>
          }
        >
          <span tabIndex={0} aria-label={`${t(`severity.${worst.severity}`)} ${names.join(' ')}`}>
            <span className="st-mark" aria-hidden>{ICONS[worst.severity]}</span> {amount}
          </span>
        </Tooltip>
      ) : (
        amount
      )}
    </td>
  );
}

interface SideProps extends Marked {
  sheet: Sheet;
  lines: ChartLine[];
  columns: SheetColumn[];
}

function Side({ sheet, lines, columns, ...marked }: SideProps) {
  const { lang, t } = useLang();
  return (
    <table className="st-sheet">
      <thead>
        <tr>
          <th scope="col">{t('st.item')}</th>
          {columns.map((column) => (
            <th key={column} scope="col" className="st-amount">
              {t(`st.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.number} data-kind={line.kind}>
            <th scope="row" title={line.note || undefined}>
              <span className="st-number">{line.number}</span>
              {inLang(lang, line)}
            </th>
            {columns.map((column) => (
              <Cell
                key={column}
                at={cellKey(sheet.kind, column, line.number)}
                fen={sheet.columns[column]?.[line.number]}
                {...marked}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The lines of a sheet: its chart's, or bare numbers for a row list that is not offered. */
function useSheetLines(sheet: Sheet): { lines: ChartLine[]; known: boolean } {
  const t = useT();
  const chart = useChart(sheet.standard);
  const known = sheet.standard === 'small' || sheet.layout === 'prescribed';
  const charted = chart.data?.statements[sheet.kind];
  if (known && charted) return { lines: charted, known };
  const numbers = new Set(
    [...sheet.printed, ...Object.values(sheet.columns).flatMap((of) => Object.keys(of ?? {}))]
      .map(Number),
  );
  const lines = [...numbers]
    .sort((a, b) => a - b)
    .map((number) => {
      const name = t('st.line.n', { number });
      const bare = { code: '', kind: 'item', parent: null, addends: [], note: '' };
      return { ...bare, number, zh: name, en: name };
    });
  return { lines, known };
}

export function SheetTable({ sheet, ...marked }: { sheet: Sheet } & Marked) {
  const t = useT();
  const narrow = useNarrow();
  const { lines, known } = useSheetLines(sheet);
  const columns = COLUMN_ORDER.filter((column) => sheet.columns[column]);
  const [left, right] = sides(lines);
  const two = !narrow && sheet.kind === 'balance_sheet' && right.length > 0;
  return (
    <div style={{ overflowX: 'auto' }}>
      {!known && <p className="heng-quiet" style={{ margin: '8px 12px' }}>{t('st.older')}</p>}
      {two ? (
        <div className="st-sides">
          <Side sheet={sheet} lines={left} columns={columns} {...marked} />
          <Side sheet={sheet} lines={right} columns={columns} {...marked} />
        </div>
      ) : (
        <Side sheet={sheet} lines={lines} columns={columns} {...marked} />
      )}
      {sheet.unlisted.length > 0 && (
        <div style={{ padding: 12 }}>
          <div className="heng-quiet">{t('st.unlisted')}</div>
          <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>
            {sheet.unlisted.map((row) => (
              <li key={row.name}>
                {row.name}
                {columns.map((column) => (
                  <span key={column} style={{ marginInlineStart: 12 }}>
                    <Amount fen={row.figures[column]} unit={marked.unit} />
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** A return by the numbers of its lines; names are known where a rule speaks of them. */
export function FiledTable({
  filed,
  results,
  ...marked
}: { filed: Filed; results: RuleResult[] } & Marked) {
  const { lang, t } = useLang();
  const columns = Object.keys(filed.columns);
  const lines = [...new Set(columns.flatMap((column) => Object.keys(filed.columns[column] ?? {})))]
    .sort((a, b) => Number(a) - Number(b));
  const names = new Map<string, string>();
  for (const cell of results.flatMap((one) => [...one.cells, ...one.blanks])) {
    if (cell.form === filed.form && cell.line) names.set(cell.line, inLang(lang, cell));
  }
  const items = Object.keys(
    Object.assign({}, ...(filed.rows ?? []).map((row) => row.cells)) as object,
  ).sort((a, b) => Number(a) - Number(b));
  return (
    <div style={{ overflowX: 'auto' }}>
      {lines.length > 0 && (
        <table className="st-sheet">
          <thead>
            <tr>
              <th scope="col">{t('st.box')}</th>
              {columns.map((column) => (
                <th key={column} scope="col" className="st-amount">
                  {wordOr(t, 'st.column', column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line}>
                <th scope="row">
                  <span className="st-number">{line}</span>
                  {names.get(line)}
                </th>
                {columns.map((column) => (
                  <Cell
                    key={column}
                    at={cellKey(filed.form, column, line)}
                    fen={filed.columns[column]?.[line]}
                    {...marked}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {items.length > 0 && (
        <table className="st-sheet">
          <thead>
            <tr>
              <th scope="col">{t('st.item')}</th>
              {items.map((item) => (
                <th key={item} scope="col" className="st-amount">
                  {t('st.box.n', { number: item })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(filed.rows ?? []).map((row, index) => (
              <tr key={`${row.item}${index}`}>
                <th scope="row">{row.item}</th>
                {items.map((item) => (
                  <td key={item} className="st-amount">
                    <Amount fen={row.cells[item]} unit={marked.unit} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
