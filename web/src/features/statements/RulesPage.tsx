/** 勾稽规则: all rules as the firm applies them; severity and tolerance may be its own. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { Severity } from '@/api/shapes';
import type { ArticulationRule } from '@/api/statementShapes';
import { inLang, useLang, wordOr } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { useNotify } from '@/ui/notify';
import { PageHeader } from '@/ui/PageHeader';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { Chip, SeverityMark } from '@/ui/tags';
import { familiesOf, familyOf, found } from './ruleSearch';
import { useChangeRule, useRules } from './queries';

function RuleDialog({ rule, close }: { rule: ArticulationRule; close: () => void }) {
  const { lang, t } = useLang();
  const notify = useNotify();
  const change = useChangeRule();
  const [severity, setSeverity] = useState<Severity | 'own'>(rule.own_severity ?? 'own');
  const [tolerance, setTolerance] = useState(rule.own_tolerance ?? '');
  const save = () =>
    change.mutate(
      {
        rule: rule.id,
        body: {
          ...(severity === 'own' ? {} : { severity }),
          ...(tolerance.trim() ? { tolerance: tolerance.trim() } : {}),
        },
      },
      {
        onSuccess: () => {
          notify.good(t('action.saved'));
          close();
        },
      },
    );
  return (
    <Modal
      open
      title={`${rule.id} ${inLang(lang, rule)}`}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      okButtonProps={{ loading: change.isPending }}
      onOk={save}
      onCancel={close}
      width={520}
    >
      <p className="heng-quiet">{t('st.rule.change.about')}</p>
      <ProblemAlert error={change.error} />
      <div className="heng-form" style={{ columnGap: 16 }}>
        <label style={{ display: 'grid', gap: 4 }}>
          <span>{t('st.severity')}</span>
          <Select<Severity | 'own'>
            aria-label={t('st.severity')}
            value={severity}
            onChange={setSeverity}
            options={[
              {
                value: 'own' as const,
                label: t('st.rule.own', { value: t(`severity.${rule.severity}`) }),
              },
              ...(['error', 'warning', 'hint'] as const).map((value) => ({
                value,
                label: t(`severity.${value}`),
              })),
            ]}
          />
        </label>
        <label style={{ display: 'grid', gap: 4 }}>
          <span>{t('st.tolerance')}</span>
          <Input
            value={tolerance}
            placeholder={t('st.rule.own', { value: rule.tolerance })}
            onChange={(event) => setTolerance(event.target.value)}
          />
        </label>
      </div>
      <p className="heng-quiet" style={{ marginBottom: 0 }}>{t('st.tolerance.about')}</p>
    </Modal>
  );
}

export function RulesPage() {
  const { lang, t } = useLang();
  const can = useCan();
  const rules = useRules();
  const search = useSearch({ from: '/in/statements/rules' });
  const navigate = useNavigate({ from: '/statements/rules' });
  const [open, setOpen] = useState<ArticulationRule | null>(null);
  const all = rules.data?.items;
  const rows = all && found(all, search.q ?? '', search.family, search.severity);
  const put = (next: { [K in keyof typeof search]?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const columns: Column<ArticulationRule>[] = [
    {
      key: 'id',
      title: t('st.rule.id'),
      width: 86,
      fixed: true,
      render: (row) => <span className="heng-code">{row.id}</span>,
    },
    {
      key: 'name',
      title: t('st.rule'),
      width: 250,
      phone: true,
      render: (row) => <span title={inLang(lang, row)}>{inLang(lang, row)}</span>,
    },
    {
      key: 'applies',
      title: t('st.rule.applies'),
      width: 120,
      render: (row) => wordOr(t, 'st.applies', row.applies),
    },
    {
      key: 'severity',
      title: t('st.severity'),
      width: 130,
      phone: true,
      render: (row) => (
        <span style={{ display: 'inline-flex', gap: 6 }}>
          <SeverityMark severity={row.own_severity ?? row.severity} />
          {row.own_severity && <Chip tone="purple">{t('st.rule.changed')}</Chip>}
        </span>
      ),
    },
    {
      key: 'tolerance',
      title: t('st.tolerance'),
      width: 140,
      phone: true,
      render: (row) => (
        <span style={{ display: 'inline-flex', gap: 6 }}>
          <span className="heng-code">{row.own_tolerance ?? row.tolerance}</span>
          {row.own_tolerance && <Chip tone="purple">{t('st.rule.changed')}</Chip>}
        </span>
      ),
    },
    {
      key: 'formula',
      title: t('st.rule.formula'),
      width: 320,
      phone: true,
      render: (row) => <span className="heng-code" title={row.formula}>{row.formula}</span>,
    },
    {
      key: 'exceptions',
      title: t('st.rule.exceptions'),
      width: 220,
      render: (row) => <span title={row.exceptions}>{row.exceptions || '–'}</span>,
    },
  ];
  return (
    <>
      <PageHeader
        title={t('nav.rules')}
        about={t('st.rules.about', { count: all?.length ?? 0, version: rules.data?.version ?? 0 })}
      />
      <DataTable
        name="rules"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        loading={rules.isFetching}
        error={rules.error}
        refresh={() => void rules.refetch()}
        empty={<Nothing text={t('table.empty')} />}
        actionsWidth={76}
        actions={(row) => (
          <ActionButton
            type="link"
            size="small"
            style={{ paddingInline: 2 }}
            allowed={can(RIGHTS.changeRules)}
            reason={t('page.403.missing') + RIGHTS.changeRules}
            onClick={() => setOpen(row)}
          >
            {t('st.rule.change')}
          </ActionButton>
        )}
        left={
          <>
            <Input.Search
              allowClear
              style={{ width: 220 }}
              aria-label={t('st.rules.find')}
              placeholder={t('st.rules.find')}
              value={search.q ?? ''}
              onChange={(event) => put({ q: event.target.value || undefined })}
            />
            <Select<string>
              allowClear
              style={{ width: 180 }}
              aria-label={t('st.rule.family')}
              placeholder={t('st.rule.family')}
              value={search.family ?? null}
              onChange={(family: string | undefined) => put({ family })}
              options={familiesOf(all ?? []).map((family) => ({
                value: family,
                label: `${family} ${wordOr(t, 'st.family', family)} (${
                  (all ?? []).filter((rule) => familyOf(rule.id) === family).length
                })`,
              }))}
            />
            <Select<string>
              allowClear
              style={{ width: 110 }}
              aria-label={t('st.severity')}
              placeholder={t('st.severity')}
              value={search.severity ?? null}
              onChange={(severity: string | undefined) => put({ severity })}
              options={(['error', 'warning', 'hint'] as const).map((value) => ({
                value,
                label: t(`severity.${value}`),
              }))}
            />
            {rows && all && rows.length < all.length && (
              <Button type="link" size="small" onClick={() => void navigate({ search: {} })}>
                {t('action.reset')}
              </Button>
            )}
            {rows && (
              <span className="heng-quiet">{t('pager.total', { count: rows.length })}</span>
            )}
          </>
        }
      />
      {open && <RuleDialog key={open.id} rule={open} close={() => setOpen(null)} />}
    </>
  );
}
