/** What the rules say of a set: by severity, with the places to look and what would repair it. */
import { ToolOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Collapse, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Allowed, Repair, RuleCell, RuleResult, SetView } from '@/api/statementShapes';
import type { SetAt } from '@/api/statements';
import { formatFen } from '@/format/money';
import type { MoneyUnit } from '@/format/money';
import { formatInstant } from '@/format/time';
import { inLang, useLang, useT, wordOr } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNotify } from '@/ui/notify';
import { Nothing } from '@/ui/problems';
import { SeverityMark } from '@/ui/tags';
import { elsewhere, grouped, GROUPS, keyIn } from './marks';
import type { Group } from './marks';
import { kindName, useReason } from './parts';
import { useAccept } from './queries';

interface Inside {
  at: SetAt;
  view: SetView;
  unit: MoneyUnit;
  goTo: (key: string) => void;
}

function Place({ cell, at, view, unit, goTo }: Inside & { cell: RuleCell }) {
  const { lang, t } = useLang();
  const key = keyIn(view, cell);
  const other = elsewhere(cell);
  const name = inLang(lang, cell);
  const amount = <span className="heng-num">{formatFen(cell.fen, unit)}</span>;
  const sign = cell.sign < 0 ? t('st.minus') : '';
  if (key) {
    return (
      <li>
        <button type="button" className="heng-link" onClick={() => goTo(key)}>{sign}{name}</button>
        {amount}
      </li>
    );
  }
  return (
    <li>
      {other ? (
        <Link
          className="heng-link"
          to="/clients/$id/statements/$kind/$period"
          params={{ id: at.client, ...other }}
        >
          {sign}{name} · {kindName(t, other.kind)} {other.period}
        </Link>
      ) : (
        <span className="heng-grow">{sign}{name}</span>
      )}
      {amount}
    </li>
  );
}

function Places({ result, ...inside }: Inside & { result: RuleResult }) {
  const t = useT();
  const { unit } = inside;
  if (result.cells.length === 0) return null;
  const side = (which: 'left' | 'right', sum: number | null) => {
    const cells = result.cells.filter((cell) => cell.side === which);
    return (
      <>
        <div className="heng-toolbar heng-quiet" style={{ marginTop: 6, fontSize: 12 }}>
          <span className="heng-grow">{t(`st.side.${which}`)}</span>
          <span className="heng-num">{formatFen(sum, unit)}</span>
        </div>
        <ul className="st-places">
          {cells.map((cell, index) => (
            <Place key={`${cell.zh}${cell.column}${index}`} cell={cell} {...inside} />
          ))}
        </ul>
      </>
    );
  };
  return (
    <>
      {side('left', result.left_fen)}
      {side('right', result.right_fen)}
    </>
  );
}

interface ResultProps extends Inside {
  result: RuleResult;
  repairs: Repair[];
  accept: (rule: string) => void;
  may: Allowed | undefined;
}

function Result({ result, repairs, accept, may, ...inside }: ResultProps) {
  const { lang, t } = useLang();
  const reason = useReason();
  const broken = result.outcome === 'broken';
  const exception = inside.view.exceptions.find((one) => one.rule === result.rule);
  const column = result.column && wordOr(t, 'st.column', result.column);
  return (
    <article className="st-result">
      <div className="heng-toolbar" style={{ gap: '2px 8px' }}>
        {broken && <SeverityMark severity={result.severity} />}
        <span className="heng-code">{result.rule}</span>
        {column && <span className="heng-quiet">{column}</span>}
        {result.difference_fen !== null && (
          <strong className="heng-num" style={{ marginInlineStart: 'auto' }}>
            {t('st.difference', { amount: formatFen(result.difference_fen, inside.unit) })}
          </strong>
        )}
      </div>
      <div style={{ fontWeight: broken ? 500 : 400 }}>
        {inLang(lang, { zh: result.name, en: result.name_en })}
      </div>
      {result.outcome !== 'holds' && (
        <div className="heng-quiet heng-wrap">{inLang(lang, result)}</div>
      )}
      {broken && <Places result={result} {...inside} />}
      {broken &&
        repairs.map((repair) => (
          <div key={repair.zh} style={{ marginTop: 6, color: '#5b2fa8' }}>
            <ToolOutlined /> {inLang(lang, repair)}
          </div>
        ))}
      {result.outcome === 'excepted' && exception && (
        <div className="heng-quiet heng-wrap" style={{ marginTop: 4 }}>
          {exception.by.name} · {formatInstant(exception.by.at)}
          <div>{exception.why}</div>
        </div>
      )}
      {broken && (
        <div style={{ marginTop: 6 }}>
          <ActionButton
            size="small"
            allowed={may?.allowed}
            reason={reason(may)}
            onClick={() => accept(result.rule)}
          >
            {t('st.accept')}
          </ActionButton>
        </div>
      )}
    </article>
  );
}

function AcceptDialog({ at, rule, close }: { at: SetAt; rule: string; close: () => void }) {
  const t = useT();
  const notify = useNotify();
  const accept = useAccept();
  const [why, setWhy] = useState('');
  const save = () =>
    accept.mutate(
      { at, rule, why: why.trim() },
      {
        onSuccess: () => {
          notify.good(t('st.accepted'));
          close();
        },
        onError: notify.bad,
      },
    );
  return (
    <Modal
      open
      title={t('st.accept.title', { rule })}
      okText={t('st.accept')}
      okButtonProps={{ disabled: why.trim() === '', loading: accept.isPending }}
      onOk={save}
      onCancel={close}
      width={480}
    >
      <p className="heng-quiet">{t('st.accept.about')}</p>
      <Input.TextArea
        rows={3}
        maxLength={500}
        aria-label={t('st.why')}
        placeholder={t('st.accept.hint')}
        value={why}
        onChange={(event) => setWhy(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && why.trim()) save();
        }}
      />
    </Modal>
  );
}

export function OutcomePanel(inside: Inside) {
  const { view, at } = inside;
  const t = useT();
  const [rule, setRule] = useState<string | null>(null);
  const groups = grouped(view.results);
  const repairs = view.repairs ?? [];
  const older = view.shown !== view.number;
  const head = (group: Group) =>
    group === 'error' || group === 'warning' || group === 'hint' ? (
      <SeverityMark severity={group} />
    ) : (
      t(`st.outcome.${group}`)
    );
  const shown = GROUPS.filter((group) => groups[group].length > 0);
  return (
    <section className="heng-panel st-side" aria-label={t('st.results')}>
      <h2 style={{ fontSize: 15, margin: 0, padding: '10px 12px 6px' }}>{t('st.results')}</h2>
      {older && <Nothing text={t('st.results.older')} />}
      {!older && shown.length === 0 && <Nothing text={t('st.results.none')} />}
      <Collapse
        ghost
        size="small"
        defaultActiveKey={['error', 'warning', 'hint']}
        items={shown.map((group) => ({
          key: group,
          label: (
            <span>
              {head(group)} <span className="heng-num">{groups[group].length}</span>
            </span>
          ),
          children: groups[group].map((result, index) => (
            <Result
              key={`${result.rule}${result.statement}${result.column}${index}`}
              result={result}
              repairs={repairs.filter((one) => one.mends.includes(result.rule))}
              accept={setRule}
              may={view.may['accept']}
              {...inside}
            />
          )),
        }))}
      />
      {rule && <AcceptDialog at={at} rule={rule} close={() => setRule(null)} />}
      <div style={{ padding: '0 12px 10px' }}>
        <Link to="/statements/rules">
          <Button type="link" size="small" style={{ padding: 0 }}>{t('st.rules.all')}</Button>
        </Link>
      </div>
    </section>
  );
}
