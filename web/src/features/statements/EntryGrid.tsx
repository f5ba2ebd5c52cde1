/** Typing a statement: totals are added up live; arrows, Enter and pasted columns work. */
import { Tooltip } from 'antd';
import { useMemo } from 'react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import type { ChartLine, SheetColumn, SheetKind, SheetUnit } from '@/api/statementShapes';
import { formatFen } from '@/format/money';
import { inLang, useLang, useT } from '@/i18n/lang';
import { composing } from '@/ui/ime';
import type { EntryDraft } from './drafts';
import { figuresOf } from './entry';
import { cellKey } from './marks';
import { tidyInUnit, parseAmount, placed } from './paste';
import { totals } from './sums';
import type { Total } from './sums';

interface Props {
  kind: SheetKind;
  lines: ChartLine[];
  columns: SheetColumn[];
  draft: EntryDraft;
  put: (texts: Record<string, string>) => void;
  /** Says which pasted texts are no amounts. */
  refused: (texts: string[]) => void;
}

function Computed({ total, unit, take }: { total: Total; unit: SheetUnit; take: () => void }) {
  const t = useT();
  const amount = formatFen(total.fen, unit === 'yuan' ? 'yuan' : 'wan');
  return (
    <Tooltip title={t('st.computed.take')}>
      <button
        type="button"
        tabIndex={-1}
        className="heng-link st-computed heng-num"
        style={{ width: '100%', textAlign: 'end' }}
        data-differs={total.differs || undefined}
        onClick={take}
      >
        {total.differs ? t('st.computed.differs', { amount }) : t('st.computed', { amount })}
      </button>
    </Tooltip>
  );
}

export function EntryGrid({ kind, lines, columns, draft, put, refused }: Props) {
  const { lang, t } = useLang();
  const sums = useMemo(
    () =>
      new Map(
        columns.map((column) => [column, totals(lines, figuresOf(draft, kind, column, lines))]),
      ),
    [columns, lines, draft, kind],
  );
  const idOf = (row: number, column: number) => `entry-${kind}-${row}-${column}`;
  const goTo = (row: number, column: number) => {
    const input = document.getElementById(idOf(row, column));
    if (input instanceof HTMLInputElement) {
      input.focus();
      input.select();
    }
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>, row: number, column: number) => {
    if (composing(event)) return;
    const input = event.currentTarget;
    const atStart = input.selectionStart === 0;
    const atEnd = input.selectionEnd === input.value.length;
    const moves: Record<string, [number, number] | undefined> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      Enter: [row + (event.shiftKey ? -1 : 1), column],
      ArrowLeft: atStart ? [row, column - 1] : undefined,
      ArrowRight: atEnd ? [row, column + 1] : undefined,
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    goTo(...move);
  };
  const onPaste = (event: ClipboardEvent, row: number, column: number) => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const { cells, wrong } = placed(text, draft.unit);
    const texts: Record<string, string> = {};
    for (const cell of cells) {
      const line = lines[row + cell.row];
      const to = columns[column + cell.column];
      if (!line || !to) continue;
      const value = cell.fen === null ? '' : tidyInUnit(cell.fen, draft.unit);
      texts[cellKey(kind, to, line.number)] = value;
    }
    put(texts);
    if (wrong.length > 0) refused(wrong);
  };
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="st-sheet st-entry">
        <thead>
          <tr>
            <th scope="col">{t('st.item')}</th>
            {columns.map((column) => (
              <th key={column} scope="col" className="st-amount">{t(`st.column.${column}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, row) => (
            <tr key={line.number} data-kind={line.kind}>
              <th scope="row" title={line.note || undefined}>
                <span className="st-number">{line.number}</span>
                {inLang(lang, line)}
              </th>
              {columns.map((column, index) => {
                const key = cellKey(kind, column, line.number);
                const text = draft.texts[key] ?? '';
                const total = sums.get(column)?.get(line.number);
                const wrong = parseAmount(text, draft.unit) === undefined;
                return (
                  <td key={column} className="st-amount" data-mark={total?.differs && 'error'}>
                    <input
                      id={idOf(row, index)}
                      className="st-input"
                      inputMode="decimal"
                      autoComplete="off"
                      aria-label={`${inLang(lang, line)} ${t(`st.column.${column}`)}`}
                      aria-invalid={wrong}
                      title={wrong ? t('st.wrong') : undefined}
                      value={text}
                      onChange={(event) => put({ [key]: event.target.value })}
                      onFocus={(event) => event.target.select()}
                      onKeyDown={(event) => onKey(event, row, index)}
                      onPaste={(event) => onPaste(event, row, index)}
                      onBlur={() => {
                        const fen = parseAmount(text, draft.unit);
                        if (typeof fen !== 'number') return;
                        const tidy = tidyInUnit(fen, draft.unit);
                        if (tidy !== text) put({ [key]: tidy });
                      }}
                    />
                    {total && (total.differs || text === '') && (
                      <Computed
                        total={total}
                        unit={draft.unit}
                        take={() => put({ [key]: tidyInUnit(total.fen, draft.unit) })}
                      />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
