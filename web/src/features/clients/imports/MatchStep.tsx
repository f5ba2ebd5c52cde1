/** 字段匹配: which column of the file is which field. */
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Radio, Select, Table } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { Problem } from '@/api/client';
import type { FieldSpec, ImportColumn, ImportMode, ImportRow, ImportUpload } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { inLang, useLang } from '@/i18n/lang';
import { useNarrow } from '@/ui/narrow';
import { Chip } from '@/ui/tags';
import { ProblemAlert } from '@/ui/problems';
import { useLists } from '../queries';
import { useCheck } from './queries';

interface Props {
  run: ImportRow;
  fields: FieldSpec[];
}

/** The fields that more than one column points to. */
export function doubled(mapping: Record<string, string>): string[] {
  const seen = new Map<string, number>();
  for (const field of Object.values(mapping)) seen.set(field, (seen.get(field) ?? 0) + 1);
  return [...seen].filter(([, count]) => count > 1).map(([field]) => field);
}

function Mode({ mode, setMode }: { mode: ImportMode; setMode: (mode: ImportMode) => void }) {
  const { t } = useLang();
  return (
    <Radio.Group
      value={mode}
      onChange={(event) => setMode(event.target.value as ImportMode)}
      options={(['create', 'update', 'both'] as const).map((value) => ({
        value,
        label: t(`import.mode.${value}`),
      }))}
    />
  );
}

/** Columns that say where a new client stands; they are no fields of the archive. */
const PLACES = ['stage', 'lead', 'department'] as const;
/** Stages in which a client may come in. */
const STAGES = ['prospect', 'onboarding', 'active', 'suspended', 'ended', 'archived'] as const;

export function MatchStep({ run, fields }: Props) {
  const { lang, t } = useLang();
  const queries = useQueryClient();
  const check = useCheck();
  const lists = useLists();
  const narrow = useNarrow();
  const may = useCan()(RIGHTS.runImport);
  const upload = queries.getQueryData<ImportUpload>(['upload', run.id]);
  const columns: ImportColumn[] =
    upload?.columns ??
    run.columns.map((header, index) => ({
      index,
      header,
      sample: [],
      field: run.mapping[String(index)] ?? null,
    }));
  const rows = upload?.rows ?? run.total;
  const remembered = upload?.layout_remembered ?? false;
  const [mode, setMode] = useState<ImportMode>(run.mode ?? 'create');
  const [stage, setStage] = useState(run.stage);
  const [mapping, setMapping] = useState<Record<string, string>>(() =>
    Object.fromEntries(columns.flatMap((c) => (c.field ? [[String(c.index), c.field]] : []))),
  );
  const put = (index: number, field: string | undefined) =>
    setMapping((now) => {
      const { [String(index)]: _old, ...rest } = now;
      return field ? { ...rest, [String(index)]: field } : rest;
    });
  const twice = doubled(mapping);
  const mapped = Object.values(mapping);
  const name = (key: string) => {
    const found = fields.find((field) => field.path === key);
    const place = PLACES.find((one) => one === key);
    if (place) return t(`import.place.${place}`);
    return found ? inLang(lang, found) : key;
  };
  const label = (field: FieldSpec) => {
    const list = lists.data?.find((one) => one.key === field.list);
    return list ? `${inLang(lang, list)} · ${inLang(lang, field)}` : inLang(lang, field);
  };
  const noName = !mapped.includes('name');
  const noCode = mode !== 'create' && !mapped.includes('uscc');
  const options = (['basic', 'business', 'financial'] as const).flatMap((section) => {
    const own = fields.filter((field) => field.section === section);
    if (own.length === 0) return [];
    return {
      label: t(`section.${section}`),
      options: own.map((field) => ({ value: field.path, label: label(field) })),
    };
  });
  const places = {
    label: t('import.place'),
    options: PLACES.map((key) => ({ value: key as string, label: t(`import.place.${key}`) })),
  };
  const refused = check.error instanceof Problem && check.error.code === 'import.confidential';
  const high = new Set(fields.filter((field) => field.level >= 3).map((field) => field.path));
  const dropHigh = () => {
    setMapping((now) => Object.fromEntries(Object.entries(now).filter(([, f]) => !high.has(f))));
    check.reset();
  };
  const blocked = noName || noCode || twice.length > 0;
  return (
    <>
      <ProblemAlert error={check.error} />
      {refused && (
        <Button style={{ marginBottom: 12 }} onClick={dropHigh}>
          {t('import.drop.columns')}
        </Button>
      )}
      {remembered && (
        <Alert
          type="success"
          showIcon
          style={{ marginBottom: 12 }}
          title={t('import.remembered')}
        />
      )}
      <p style={{ marginTop: 0 }}>
        {t('import.matched', {
          rows: formatCount(rows),
          columns: columns.length,
          matched: mapped.length,
        })}
      </p>
      <Table<ImportColumn>
        size="small"
        pagination={false}
        rowKey="index"
        dataSource={columns}
        {...(narrow
          ? { tableLayout: 'fixed' as const }
          : { scroll: { x: 640, ...(columns.length > 12 ? { y: 480 } : {}) } })}
        columns={[
          {
            key: 'header',
            title: t('import.column'),
            width: narrow ? '50%' : 200,
            render: (_: unknown, column) => (
              <>
                <strong className="heng-wrap">{column.header || '–'}</strong>
                {narrow && column.sample[0] && (
                  <div className="heng-quiet heng-line">{column.sample[0]}</div>
                )}
              </>
            ),
          },
          ...(narrow
            ? []
            : [
                {
                  key: 'sample',
                  title: t('import.sample'),
                  ellipsis: true,
                  render: (_: unknown, column: ImportColumn) => (
                    <span className="heng-quiet">{column.sample.slice(0, 3).join(' | ')}</span>
                  ),
                },
              ]),
          {
            key: 'field',
            title: t('import.field'),
            width: narrow ? '50%' : 250,
            render: (_: unknown, column) => {
              const field = mapping[String(column.index)];
              return (
                <Select
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  style={{ width: '100%' }}
                  placeholder={t('import.skip')}
                  aria-label={`${column.header} → ${t('import.field')}`}
                  status={field && twice.includes(field) ? 'error' : ''}
                  value={field}
                  onChange={(next: string | undefined) => put(column.index, next)}
                  options={[...options, places]}
                />
              );
            },
          },
        ]}
      />
      <div style={{ margin: '16px 0 8px' }}>{t('import.mode')}</div>
      <Mode mode={mode} setMode={setMode} />
      <p className="heng-quiet">{t('import.mode.about')}</p>
      {mode !== 'update' && (
        <div style={{ margin: '4px 0 12px' }}>
          <div style={{ marginBottom: 8 }}>{t('import.stage')}</div>
          <Select
            style={{ width: 180 }}
            aria-label={t('import.stage')}
            value={stage}
            onChange={setStage}
            options={STAGES.map((value) => ({ value, label: t(`stage.${value}`) }))}
          />
          <p className="heng-quiet">{t('import.stage.about')}</p>
        </div>
      )}
      {noName && <Chip tone="red">{t('import.noname')}</Chip>}
      {noCode && <Chip tone="red">{t('import.nocode')}</Chip>}
      {twice.map((field) => (
        <Chip key={field} tone="red">{t('import.twice', { field: name(field) })}</Chip>
      ))}
      <div style={{ marginTop: 12 }}>
        <Button
          type="primary"
          disabled={blocked || !may}
          loading={check.isPending}
          onClick={() => check.mutate({ id: run.id, mode, stage, mapping })}
        >
          {t('import.check')}
        </Button>
      </div>
    </>
  );
}
