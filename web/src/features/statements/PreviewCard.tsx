/** What one workbook holds: statements found, rows that wait for a line, doubts. */
import { CloseOutlined, HistoryOutlined, WarningOutlined } from '@ant-design/icons';
import { Alert, Button, Checkbox, Collapse, Select, Table, Tooltip } from 'antd';
import type {
  ChartLine, Doubt, FoundFiling, FoundSheet, StatementPreview,
} from '@/api/statementShapes';
import { inLang, useLang, useT, wordOr } from '@/i18n/lang';
import { Chip } from '@/ui/tags';
import { rowKey } from './answers';
import type { Answers, RowAnswer } from './answers';
import { Amount, kindName, PeriodPicker } from './parts';
import { cellName } from './place';
import { useChart } from './queries';

interface Props {
  preview: StatementPreview;
  answers: Answers;
  answer: (answers: Answers) => void;
  drop: () => void;
}

function Doubts({ doubts }: { doubts: Doubt[] }) {
  const { lang, t } = useLang();
  if (doubts.length === 0) return null;
  return (
    <Alert
      type="warning"
      style={{ marginTop: 8 }}
      title={t('st.doubts', { count: doubts.length })}
      description={
        <ul style={{ margin: 0, paddingInlineStart: 18, maxHeight: 180, overflowY: 'auto' }}>
          {doubts.map((doubt, index) => (
            <li key={`${doubt.code}${index}`}>
              {doubt.place && <span className="heng-code">{cellName(doubt.place)} </span>}
              {inLang(lang, doubt)}
            </li>
          ))}
        </ul>
      }
    />
  );
}

/** The lines that a row may be matched with; none where the chart of this layout is not offered. */
function useLines(found: FoundSheet): ChartLine[] {
  const { statement } = found;
  const chart = useChart(statement.standard);
  const known = statement.standard === 'small' || statement.layout === 'prescribed';
  return known ? (chart.data?.statements[statement.kind] ?? []) : [];
}

interface RowProps {
  found: FoundSheet;
  name: string;
  answers: Answers;
  answer: (answers: Answers) => void;
  lines: ChartLine[];
}

function RowSelect({ found, name, answers, answer, lines }: RowProps) {
  const { lang, t } = useLang();
  const key = rowKey(found.statement.kind, name);
  const value = answers.rows[key];
  const taken = new Set(found.matched.map((row) => row.line));
  return (
    <Select<RowAnswer | 'keep'>
      size="small"
      style={{ width: '100%', minWidth: 160 }}
      aria-label={t('st.row.line', { name })}
      showSearch={{ optionFilterProp: 'label' }}
      value={value ?? 'keep'}
      onChange={(next) => {
        const rows = { ...answers.rows };
        if (next === 'keep') delete rows[key];
        else rows[key] = next;
        answer({ ...answers, rows });
      }}
      options={[
        { value: 'keep', label: t('st.row.keep') },
        { value: 'ignore', label: t('st.row.ignore') },
        ...lines.map((line) => ({
          value: line.number,
          label: `${line.number} ${inLang(lang, line)}`,
          disabled: taken.has(line.number),
        })),
      ]}
    />
  );
}

function Unmatched({ found, answers, answer }: Omit<RowProps, 'name' | 'lines'>) {
  const t = useT();
  const lines = useLines(found);
  const rows = found.statement.unlisted;
  if (rows.length === 0) return null;
  return (
    <div style={{ marginTop: 8 }}>
      <div style={{ marginBottom: 4 }}>
        <WarningOutlined style={{ color: '#ad5200' }} />{' '}
        {t('st.unmatched', { count: rows.length })}
      </div>
      <Table
        size="small"
        pagination={false}
        rowKey={(row) => row.name}
        dataSource={rows}
        scroll={{ x: 720 }}
        columns={[
          { key: 'name', title: t('st.row.name'), width: 180, render: (_, row) => row.name },
          ...Object.keys(found.statement.columns).map((column) => ({
            key: column,
            title: wordOr(t, 'st.column', column),
            align: 'end' as const,
            width: 140,
            render: (_: unknown, row: (typeof rows)[number]) => (
              <Amount fen={row.figures[column]} unit="yuan" />
            ),
          })),
          {
            key: 'line',
            title: t('st.row.match'),
            width: 260,
            render: (_, row) => (
              <RowSelect
                found={found}
                name={row.name}
                answers={answers}
                answer={answer}
                lines={lines}
              />
            ),
          },
        ]}
      />
    </div>
  );
}

function Matched({ found }: { found: FoundSheet }) {
  const { lang, t } = useLang();
  const lines = useLines(found);
  const name = (number: number) => {
    const line = lines.find((one) => one.number === number);
    return line ? inLang(lang, line) : '';
  };
  const columns = Object.entries(found.statement.columns);
  return (
    <Collapse
      ghost
      size="small"
      items={[
        {
          key: 'matched',
          label: t('st.matched', { count: found.matched.length }),
          children: (
            <Table
              size="small"
              pagination={false}
              rowKey={(row) => `${row.line} ${row.name}`}
              dataSource={found.matched}
              scroll={{ x: 560, y: 320 }}
              columns={[
                {
                  key: 'cell',
                  title: t('st.row.cell'),
                  width: 110,
                  render: (_, row) => <span className="heng-code">{cellName(row.place)}</span>,
                },
                {
                  key: 'name',
                  title: t('st.row.name'),
                  render: (_, row) => row.name,
                },
                {
                  key: 'line',
                  title: t('st.row.match'),
                  render: (_, row) => (
                    <>
                      {row.line} {name(row.line)}{' '}
                      {row.by === 'choice' && (
                        <Tooltip title={t('st.by.choice.about')}>
                          <span>
                            <Chip tone="purple"><HistoryOutlined /> {t('st.by.choice')}</Chip>
                          </span>
                        </Tooltip>
                      )}
                      {row.by === 'alias' && <Chip>{t('st.by.alias')}</Chip>}
                    </>
                  ),
                },
                ...columns.map(([column, figures]) => ({
                  key: column,
                  title: wordOr(t, 'st.column', column),
                  align: 'end' as const,
                  width: 140,
                  render: (_: unknown, row: (typeof found.matched)[number]) => (
                    <Amount fen={figures?.[row.line]} unit="yuan" />
                  ),
                })),
              ]}
            />
          ),
        },
      ]}
    />
  );
}

function Sheet({ found, answers, answer }: Omit<RowProps, 'name' | 'lines'>) {
  const t = useT();
  const { statement, index } = found;
  const skipped = answers.skipped.includes(index);
  const period = answers.periods[index] ?? found.period;
  const skip = (on: boolean) =>
    answer({
      ...answers,
      skipped: on
        ? [...answers.skipped, index]
        : answers.skipped.filter((other) => other !== index),
    });
  return (
    <div style={{ borderTop: '1px solid #e8ebf0', padding: '12px 0' }}>
      <div className="heng-toolbar">
        <Checkbox checked={!skipped} onChange={(event) => skip(!event.target.checked)}>
          <strong>{t(`st.sheet.${statement.kind}`)}</strong>
        </Checkbox>
        <Chip tone="blue">{t(`st.standard.${statement.standard}`)}</Chip>
        {statement.layout !== 'prescribed' && (
          <Chip tone="amber">{wordOr(t, 'st.layout', statement.layout)}</Chip>
        )}
        <Chip>{t('st.unit.is', { unit: t(`st.unit.${statement.unit}`) })}</Chip>
        <span className="heng-quiet heng-code">{cellName(found.place)}</span>
        <span className="heng-quiet">
          {Object.keys(statement.columns)
            .map((column) => wordOr(t, 'st.column', column))
            .join(' · ')}
        </span>
      </div>
      {!skipped && (
        <>
          <div className="heng-toolbar" style={{ marginTop: 8 }}>
            <span className="heng-quiet">{t('st.period')}</span>
            <PeriodPicker
              label={t('st.period')}
              value={period}
              onChange={(next) =>
                answer({ ...answers, periods: { ...answers.periods, [index]: next } })
              }
            />
            {!found.period_named && !answers.periods[index] && (
              <>
                <Chip tone="amber">{t('st.period.unnamed')}</Chip>
                <Button
                  size="small"
                  onClick={() =>
                    answer({ ...answers, periods: { ...answers.periods, [index]: period } })
                  }
                >
                  {t('st.period.take', { period })}
                </Button>
              </>
            )}
          </div>
          <Doubts doubts={found.doubts} />
          <Unmatched found={found} answers={answers} answer={answer} />
          <Matched found={found} />
        </>
      )}
    </div>
  );
}

interface FilingProps {
  found: FoundFiling;
  answers: Answers;
  answer: (answers: Answers) => void;
}

function Filing({ found, answers, answer }: FilingProps) {
  const t = useT();
  const period = answers.returnPeriods[found.index] ?? found.period;
  const choose = (next: string) =>
    answer({ ...answers, returnPeriods: { ...answers.returnPeriods, [found.index]: next } });
  return (
    <div style={{ borderTop: '1px solid #e8ebf0', padding: '12px 0' }}>
      <div className="heng-toolbar">
        <strong>{kindName(t, found.filed.form)}</strong>
        <span className="heng-quiet heng-code">{cellName(found.place)}</span>
      </div>
      <div className="heng-toolbar" style={{ marginTop: 8 }}>
        <span className="heng-quiet">{t('st.period')}</span>
        <PeriodPicker label={t('st.period')} value={period} onChange={choose} />
        {!found.period_named && !answers.returnPeriods[found.index] && (
          <>
            <Chip tone="amber">{t('st.period.unnamed')}</Chip>
            <Button size="small" onClick={() => choose(period)}>
              {t('st.period.take', { period })}
            </Button>
          </>
        )}
      </div>
      <Doubts doubts={found.doubts} />
    </div>
  );
}

export function PreviewCard({ preview, answers, answer, drop }: Props) {
  const t = useT();
  return (
    <section className="heng-panel" style={{ padding: '12px 16px 0' }}>
      <div className="heng-toolbar" style={{ marginBottom: 8 }}>
        <strong className="heng-grow heng-wrap">{preview.file_name}</strong>
        <Tooltip title={t('st.drop.file')}>
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t('st.drop.file')}
            onClick={drop}
          />
        </Tooltip>
      </div>
      {preview.passed_over.length > 0 && (
        <p className="heng-quiet" style={{ margin: '0 0 8px' }}>
          {t('st.passed', { sheets: preview.passed_over.join(', ') })}
        </p>
      )}
      {preview.balances > 0 && (
        <p className="heng-quiet" style={{ margin: '0 0 8px' }}>
          {t('st.balances', { count: preview.balances })}
        </p>
      )}
      {preview.statements.map((found) => (
        <Sheet key={found.index} found={found} answers={answers} answer={answer} />
      ))}
      {preview.returns.map((found) => (
        <Filing key={found.index} found={found} answers={answers} answer={answer} />
      ))}
    </section>
  );
}
