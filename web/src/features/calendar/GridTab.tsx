/** Clients by taxes due in a month. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { readGrid } from '@/api/calendar';
import type { Grid, GridRow } from '@/api/calendar';
import { listDepartments } from '@/api/identity';
import { useT, wordOr } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { PersonSelect } from '@/ui/PersonSelect';
import { Chip } from '@/ui/tags';
import { BasisChip, DueDay } from './DueDay';

const TAXES = [
  'VAT_G', 'VAT_S', 'CIT_P', 'CIT_Y', 'IIT_W', 'IIT_B', 'STAMP', 'CONS', 'FS', 'PUB', 'SOC',
  'PROP',
] as const;

function useColumns(grid: Grid | undefined): Column<GridRow>[] {
  const t = useT();
  const due = new Set((grid?.rows ?? []).flatMap((row) => row.duties.map((duty) => duty.tax)));
  const cell = (row: GridRow, tax: string) => {
    const duties = row.duties.filter((duty) => duty.tax === tax);
    if (duties.length === 0) return <span className="heng-quiet">–</span>;
    return (
      <span className="heng-cell">
        {duties.map((duty) => (
          <span key={duty.period} className="heng-cell" title={duty.period}>
            {duty.due && (
              <DueDay
                tax={duty.tax}
                period={duty.period}
                region={row.region}
                day={duty.due}
                late={duty.due < (grid?.today ?? '')}
              />
            )}
            <BasisChip basis={duty.basis} unannounced={duty.unannounced} />
          </span>
        ))}
      </span>
    );
  };
  return [
    {
      key: 'client',
      title: t('calendar.client'),
      width: 200,
      fixed: true,
      render: (row) => (
        <Link to="/clients/$id" params={{ id: row.id }} title={row.name}>
          {row.short_name ?? row.name}
        </Link>
      ),
    },
    {
      key: 'lead',
      title: t('calendar.lead'),
      width: 120,
      phone: true,
      render: (row) => row.lead?.name ?? '–',
    },
    ...TAXES.filter((tax) => due.has(tax)).map((tax) => ({
      key: tax,
      title: t(`tax.${tax}`),
      width: 148,
      phone: true,
      render: (row: GridRow) =>
        tax.startsWith('VAT') && !row.taxpayer_kind ? (
          <Chip tone="amber">{t('calendar.no_kind')}</Chip>
        ) : (
          cell(row, tax)
        ),
    })),
    {
      key: 'department',
      title: t('calendar.department'),
      width: 112,
      render: (row) => row.department ?? '–',
    },
  ];
}

export type GridSearch = Partial<
  Record<'q' | 'tax' | 'lead' | 'department' | 'cursor', string>
>;

interface Props {
  year: number;
  month: number;
  search: GridSearch;
  change: (next: GridSearch) => void;
}

export function GridTab({ year, month, search, change }: Props) {
  const t = useT();
  const can = useCan();
  const grid = useQuery({
    queryKey: ['calendar', 'grid', year, month, search],
    queryFn: () => readGrid({ year, month, ...search }),
    placeholderData: keepPreviousData,
  });
  const departments = useQuery({
    queryKey: ['departments'],
    queryFn: listDepartments,
    staleTime: 60_000,
  });
  const columns = useColumns(grid.data);
  const lead = can(RIGHTS.listUsers) ? (
    <div style={{ width: 150 }}>
      <PersonSelect
        value={search.lead}
        placeholder={t('calendar.lead')}
        first={[{ value: 'me', label: t('calendar.mine') }]}
        onChange={(value) => change({ lead: value ?? '' })}
      />
    </div>
  ) : null;
  return (
    <>
      <div className="heng-toolbar" style={{ marginBottom: 12 }}>
        <Input.Search
          allowClear
          style={{ width: 220 }}
          defaultValue={search.q ?? ''}
          placeholder={t('calendar.search')}
          aria-label={t('calendar.search')}
          onSearch={(q) => change({ q })}
        />
        <Select
          style={{ width: 150 }}
          aria-label={t('calendar.all_taxes')}
          value={search.tax ?? ''}
          onChange={(tax: string) => change({ tax })}
          options={[
            { value: '', label: t('calendar.all_taxes') },
            ...TAXES.map((tax) => ({ value: tax, label: wordOr(t, 'tax', tax) })),
          ]}
        />
        <Select
          style={{ width: 150 }}
          aria-label={t('calendar.all_departments')}
          value={search.department ?? ''}
          onChange={(department: string) => change({ department })}
          options={[
            { value: '', label: t('calendar.all_departments') },
            ...(departments.data?.items ?? []).map((of) => ({ value: of.id, label: of.name })),
          ]}
        />
        {lead}
      </div>
      <DataTable
        name="calendar"
        columns={columns}
        rows={grid.data?.rows}
        rowKey={(row) => row.id}
        loading={grid.isFetching}
        error={grid.error}
        refresh={() => void grid.refetch()}
        empty={t('calendar.empty')}
        footer={
          <div className="heng-toolbar">
            {search.cursor && (
              <Button onClick={() => change({ cursor: '' })}>{t('calendar.first')}</Button>
            )}
            {grid.data?.next && (
              <Button onClick={() => change({ cursor: grid.data?.next ?? '' })}>
                {t('calendar.more')}
              </Button>
            )}
          </div>
        }
      />
    </>
  );
}
