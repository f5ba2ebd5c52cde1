/** 财务分析: what the statements of a period say, what a bank will ask, and the report to print. */
import { FileExcelOutlined, FilePdfOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { downloadReport } from '@/api/statements';
import type { Analysis, Movement, Ratio, ReadinessPoint } from '@/api/statementShapes';
import type { MoneyUnit } from '@/format/money';
import { useLang, useT } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { PageHeader } from '@/ui/PageHeader';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { ProofRefused, useProof } from '@/ui/Proof';
import { useExportPurposes } from '@/ui/purposes';
import { useNotify } from '@/ui/notify';
import { Chip } from '@/ui/tags';
import { Crumbs } from './Crumbs';
import { Amount, LoadedFigures, UnitSwitch, kindName, useUnit } from './parts';

import { useAnalysis, useReadiness } from './queries';

const STANDINGS = { good: 'green', watch: 'amber', alarm: 'red' } as const;
const STATES = { not_ready: 'red', ask: 'amber', ready: 'green' } as const;

function Panel({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section className="heng-panel" style={{ marginBottom: 12 }}>
      <div style={{ padding: '12px 12px 8px' }}>
        <h2 style={{ fontSize: 15, margin: 0 }}>{title}</h2>
        {about && <div className="heng-quiet">{about}</div>}
      </div>
      {children}
    </section>
  );
}

function Cause({ client, cause }: { client: string; cause: ReadinessPoint['cause'] }) {
  const t = useT();
  const words = t('an.open');
  const { kind, period, id } = cause;
  if (kind === 'statements' || kind === 'rule') {
    return (
      <Link
        to="/clients/$id/statements/$kind/$period"
        params={{ id: client, kind: 'FS', period: period ?? '' }}
      >
        {words}
      </Link>
    );
  }
  if (kind === 'returns') {
    return (
      <Link to="/clients/$id" params={{ id: client }} search={{ tab: 'financial' }}>
        {kindName(t, id ?? '')}
      </Link>
    );
  }
  if (kind === 'archive') {
    return <Link to="/clients/$id" params={{ id: client }}>{words}</Link>;
  }
  return <a href="#ratios">{words}</a>;
}

function Readiness({ client }: { client: string }) {
  const t = useT();
  const { lang } = useLang();
  const readiness = useReadiness(client);
  return (
    <Panel title={t('an.readiness')} about={t('an.readiness.about')}>
      <LoadedFigures query={readiness}>
        {({ points }) => (
          <ul style={{ listStyle: 'none', margin: 0, padding: '0 12px 12px' }}>
            {points.map((point) => (
              <li key={point.zh} className="heng-toolbar" style={{ padding: '4px 0' }}>
                <Chip tone={STATES[point.state]}>{t(`an.${point.state}`)}</Chip>
                <span className="heng-grow">{lang === 'zh' ? point.zh : point.en}</span>
                {point.state !== 'ready' && <Cause client={client} cause={point.cause} />}
              </li>
            ))}
          </ul>
        )}
      </LoadedFigures>
    </Panel>
  );
}

function Missing({ missing }: { missing: Ratio['missing'] }) {
  const t = useT();
  const { lang } = useLang();
  return (
    <div className="heng-quiet">
      <div>{t('an.withheld')}</div>
      {missing.map((one) => (
        <div key={one.zh}>{lang === 'zh' ? one.zh : one.en}</div>
      ))}
    </div>
  );
}

function Value({ ratio }: { ratio: Ratio }) {
  const t = useT();
  if (ratio.state === 'known') {
    return (
      <span className="heng-num">
        {ratio.text}
        {ratio.annualised && <span className="heng-quiet"> {t('an.annualised')}</span>}
      </span>
    );
  }
  if (ratio.state === 'not_meaningful') {
    return <span className="heng-quiet">{t('an.not_meaningful')}</span>;
  }
  return <Missing missing={ratio.missing} />;
}

function Ratios({ ratios }: { ratios: Ratio[] }) {
  const t = useT();
  const { lang } = useLang();
  const columns: Column<Ratio>[] = [
    {
      key: 'name',
      title: t('an.ratio'),
      width: 200,
      fixed: true,
      render: (row) => (lang === 'zh' ? row.zh : row.en),
    },
    {
      key: 'value',
      title: t('an.value'),
      width: 240,
      phone: true,
      render: (row) => <Value ratio={row} />,
    },
    {
      key: 'standing',
      title: t('an.standing'),
      width: 130,
      phone: true,
      render: (row) =>
        row.standing && <Chip tone={STANDINGS[row.standing]}>{t(`an.${row.standing}`)}</Chip>,
    },
    {
      key: 'formula',
      title: t('an.formula'),
      width: 420,
      render: (row) => (
        <span className="heng-quiet" style={{ whiteSpace: 'normal' }}>
          {row.formula}
        </span>
      ),
    },
  ];
  return (
    <div id="ratios">
      <Panel title={t('an.ratios')} about={t('an.experience')}>
        <DataTable
          name="ratios"
          plain
          columns={columns}
          rows={ratios}
          loading={false}
          rowKey={(row) => row.id}
          empty={<Nothing text={t('an.none')} />}
        />
      </Panel>
    </div>
  );
}

function Movements({ rows, unit }: { rows: Movement[]; unit: MoneyUnit }) {
  const t = useT();
  const { lang } = useLang();
  const columns: Column<Movement>[] = [
    {
      key: 'line',
      title: t('an.line'),
      width: 170,
      fixed: true,
      render: (row) => (lang === 'zh' ? row.zh : row.en),
    },
    {
      key: 'before',
      title: t('an.before'),
      width: 190,
      phone: true,
      render: (row) => (
        <>
          <Amount fen={row.before_fen} unit={unit} />{' '}
          <span className="heng-quiet">{row.earlier}</span>
        </>
      ),
    },
    {
      key: 'now',
      title: t('an.now'),
      width: 150,
      phone: true,
      render: (row) => <Amount fen={row.now_fen} unit={unit} />,
    },
    {
      key: 'change',
      title: t('an.change'),
      width: 100,
      phone: true,
      render: (row) =>
        row.change !== null && (
          <span className="heng-num">{`${(row.change / 100).toFixed(1)}%`}</span>
        ),
    },
    {
      key: 'question',
      title: t('an.question'),
      width: 320,
      phone: true,
      render: (row) => (lang === 'zh' ? row.question : row.question_en),
    },
  ];
  return (
    <Panel title={t('an.movements')}>
      <DataTable
        name="movements"
        plain
        columns={columns}
        rows={rows}
        loading={false}
        rowKey={(row) => `${row.statement} ${row.line}`}
        empty={<Nothing text={t('an.movements.none')} />}
      />
    </Panel>
  );
}

function Rolling({ rolling, unit }: { rolling: Analysis['rolling_sales']; unit: MoneyUnit }) {
  const t = useT();
  const last = rolling.months.at(-1);
  const tone = last?.nearness === 'over' ? 'red' : last?.nearness === 'near' ? 'amber' : 'green';
  const basis = t(rolling.basis === 'revenue' ? 'an.basis.revenue' : 'an.basis.vat_returns');
  const near =
    last?.nearness === 'over'
      ? 'an.near.over'
      : last?.nearness === 'near'
        ? 'an.near.near'
        : 'an.near.below';
  return (
    <Panel title={t('an.rolling')} about={t('an.rolling.about', { basis })}>
      <div className="heng-toolbar" style={{ padding: '0 12px 12px' }}>
        {last ? (
          <>
            <span className="heng-num">{last.month}</span>
            <Amount fen={last.sales_fen} unit={unit} />
            <Chip tone={tone}>{t(near)}</Chip>
          </>
        ) : (
          <span className="heng-quiet">{t('an.rolling.none')}</span>
        )}
      </div>
    </Panel>
  );
}

function Capital({ need, unit }: { need: Analysis['working_capital']; unit: MoneyUnit }) {
  const t = useT();
  const about = need.year ? { about: t('an.capital.of', { year: need.year }) } : {};
  const parts = [
    ['an.capital.need', need.working_capital_fen],
    ['an.capital.own', need.own_funds_fen],
    ['an.capital.loans', need.existing_loans_fen],
    ['an.capital.new', need.new_loan_fen],
  ] as const;
  return (
    <Panel title={t('an.capital')} {...about}>
      <div style={{ padding: '0 12px 12px' }}>
        {need.state === 'known' &&
          parts.map(([key, fen]) => (
            <div key={key} className="heng-toolbar">
              <span className="heng-quiet" style={{ minWidth: 140 }}>{t(key)}</span>
              <Amount fen={fen} unit={unit} />
            </div>
          ))}
        {need.state === 'no_need_by_formula' && t('an.capital.none')}
        {need.state === 'withheld' && <Missing missing={need.missing} />}
      </div>
    </Panel>
  );
}

function Report({ client, analysis }: { client: string; analysis: Analysis }) {
  const t = useT();
  const notify = useNotify();
  const withProof = useProof();
  const [format, setFormat] = useState<'pdf' | 'xlsx' | null>(null);
  const [form] = Form.useForm<{ purpose: string }>();
  const offered = useExportPurposes();
  const run = useMutation({
    mutationFn: ({ purpose }: { purpose: string }) =>
      withProof(() =>
        downloadReport({ client, format: format ?? 'pdf', period: analysis.period, purpose }),
      ),
    onSuccess: () => {
      notify.good(t('an.report.done'));
      setFormat(null);
    },
  });
  const may = analysis.may['export'] === true;
  const why = may ? {} : { title: t('an.report.no') };
  return (
    <>
      <Button icon={<FilePdfOutlined />} disabled={!may} {...why} onClick={() => setFormat('pdf')}>
        {t('an.report.pdf')}
      </Button>
      <Button
        icon={<FileExcelOutlined />}
        disabled={!may}
        {...why}
        onClick={() => setFormat('xlsx')}
      >
        {t('an.report.xlsx')}
      </Button>
      <Modal
        open={format !== null}
        title={t('an.report')}
        onCancel={() => setFormat(null)}
        onOk={() => form.submit()}
        okText={t('action.download')}
        confirmLoading={run.isPending}
        width={420}
        destroyOnHidden
      >
        <Form form={form} layout="vertical" onFinish={(values) => run.mutate(values)}>
          {run.error && !(run.error instanceof ProofRefused) && <ProblemAlert error={run.error} />}
          <Form.Item name="purpose" label={t('an.report.purpose')} rules={[{ required: true }]}>
            <Select options={offered.map((word) => ({ value: word, label: word }))} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}

export function AnalysisPage() {
  const t = useT();
  const { id } = useParams({ from: '/in/clients/$id/analysis' });
  const { period } = useSearch({ from: '/in/clients/$id/analysis' });
  const navigate = useNavigate({ from: '/clients/$id/analysis' });
  const [unit, setUnit] = useUnit();
  const analysis = useAnalysis(id, period);
  const shown = analysis.data;
  return (
    <>
      <Crumbs client={id} here={t('an.short')} />
      <PageHeader
        title={t('an.title', { period: shown?.period ?? '' })}
        about={t('an.about')}
        actions={
          shown && (
            <>
              <Select
                aria-label={t('an.period')}
                value={shown.period}
                style={{ width: 120 }}
                onChange={(next: string) => void navigate({ search: { period: next } })}
                options={[...shown.periods].reverse().map((one) => ({ value: one, label: one }))}
              />
              <UnitSwitch unit={unit} setUnit={setUnit} />
              <Report client={id} analysis={shown} />
            </>
          )
        }
      />
      <LoadedFigures query={analysis} page>
        {(view) => (
          <>
            <Readiness client={id} />
            <Ratios ratios={view.ratios} />
            <Movements rows={view.movements} unit={unit} />
            <Rolling rolling={view.rolling_sales} unit={unit} />
            <Capital need={view.working_capital} unit={unit} />
          </>
        )}
      </LoadedFigures>
    </>
  );
}
