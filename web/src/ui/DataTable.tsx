/** A table with column settings and density on a wide screen, cards on a phone. */
import { ColumnHeightOutlined, ReloadOutlined } from '@ant-design/icons';
import { Button, Checkbox, Dropdown, Skeleton, Table, Tooltip } from 'antd';
import type { TableProps } from 'antd';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useMe } from '@/access/me';
import { useT } from '@/i18n/lang';
import { ColumnPanel } from './ColumnPanel';
import { arrange, columnStore, loadSettings, saveSettings } from './columns';
import type { ColumnInfo } from './columns';
import { useNarrow } from './narrow';
import { Nothing, ProblemAlert } from './problems';
import { SIZES } from './theme';

export interface Column<T> extends ColumnInfo {
  title: string;
  width?: number;
  align?: 'start' | 'end' | 'center';
  sort?: string;
  render: (row: T) => ReactNode;
  /** Shown on the card of a phone; the first column is always its head. */
  phone?: boolean;
}

interface Props<T> {
  name: string;
  view?: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowKey: (row: T) => string;
  loading?: boolean;
  error?: unknown;
  refresh?: () => void;
  left?: ReactNode;
  empty?: ReactNode;
  footer?: ReactNode;
  sort?: string | undefined;
  onSort?: (sort: string | undefined) => void;
  chosen?: string[];
  onChoose?: (keys: string[]) => void;
  openKey?: string | undefined;
  actions?: (row: T) => ReactNode;
  actionsWidth?: number;
  plain?: boolean;
}

type Density = 'large' | 'middle' | 'small';
const DENSITY_STORE = 'heng.density';

function firstDensity(): Density {
  const kept = localStorage.getItem(DENSITY_STORE);
  return kept === 'large' || kept === 'small' ? kept : 'middle';
}

function useSettings<T>(props: Props<T>) {
  const me = useMe();
  const store = columnStore(me.id, props.name, props.view ?? '');
  const [settings, setSettings] = useState(() => loadSettings(store, props.columns));
  const { columns } = props;
  const keys = columns.map((column) => column.key).join(' ');
  useEffect(() => {
    setSettings(loadSettings(store, columns));
    // The keys stand for the columns, whose array is new on every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store, keys]);
  const change = (next: typeof settings | null) => {
    saveSettings(store, next);
    setSettings(next ?? loadSettings(store, columns));
  };
  return { settings, change };
}

function tableColumns<T>(props: Props<T>, shown: Column<T>[], frozen: string[], t: string) {
  const columns: NonNullable<TableProps<T>['columns']> = shown.map((column) => {
    const order = props.sort === column.sort ? 'ascend' : null;
    const back = props.sort === `-${column.sort}` ? 'descend' : order;
    return {
      key: column.key,
      title: column.title,
      width: column.width,
      align: column.align,
      fixed: frozen.includes(column.key) ? ('start' as const) : undefined,
      sorter: Boolean(column.sort && props.onSort),
      sortOrder: column.sort ? back : null,
      showSorterTooltip: false,
      ellipsis: column.width !== undefined,
      render: (_: unknown, row: T) => column.render(row),
    };
  });
  if (props.actions) {
    columns.push({
      key: 'actions',
      title: t,
      width: props.actionsWidth ?? 140,
      fixed: 'end',
      render: (_: unknown, row: T) => props.actions?.(row),
    });
  }
  return columns;
}

/** The sum of the widths, so that long texts are cut and the table fits. */
function across<T>(props: Props<T>, shown: Column<T>[]): number {
  const columns = shown.reduce((sum, column) => sum + (column.width ?? 120), 0);
  const actions = props.actions ? (props.actionsWidth ?? 140) : 0;
  return columns + actions + (props.onChoose ? 44 : 0);
}

function Cards<T>({ props, shown }: { props: Props<T>; shown: Column<T>[] }) {
  const t = useT();
  const [head, ...rest] = shown;
  const lines = rest.filter((column) => column.phone);
  if (props.rows === undefined) return <Skeleton active style={{ padding: 16 }} />;
  return (
    <div className="heng-card-list">
      {props.rows.map((row) => {
        const key = props.rowKey(row);
        const picked = props.chosen?.includes(key) ?? false;
        const choose = () =>
          props.onChoose?.(
            picked
              ? (props.chosen ?? []).filter((other) => other !== key)
              : [...(props.chosen ?? []), key],
          );
        return (
          <article key={key} className="heng-card">
            <div style={{ display: 'flex', gap: 8 }}>
              {props.onChoose && (
                <Checkbox aria-label={t('table.choose')} checked={picked} onChange={choose} />
              )}
              <strong className="heng-grow" style={{ minWidth: 0 }}>{head?.render(row)}</strong>
            </div>
            {lines.length > 0 && (
              <dl>
                {lines.map((column) => (
                  <div key={column.key} style={{ display: 'contents' }}>
                    <dt>{column.title}</dt>
                    <dd>{column.render(row)}</dd>
                  </div>
                ))}
              </dl>
            )}
            {props.actions && <div style={{ marginTop: 8 }}>{props.actions(row)}</div>}
          </article>
        );
      })}
    </div>
  );
}

export function DataTable<T extends object>(props: Props<T>) {
  const t = useT();
  const narrow = useNarrow();
  const [density, setDensity] = useState<Density>(firstDensity);
  const { settings, change } = useSettings(props);
  const shown = arrange(props.columns, settings);
  const chooseDensity = (next: Density) => {
    localStorage.setItem(DENSITY_STORE, next);
    setDensity(next);
  };
  const densities = (['large', 'middle', 'small'] as const).map((key) => ({
    key,
    label: t(`density.${key}`),
  }));
  const onChange: TableProps<T>['onChange'] = (_page, _filter, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    const key = props.columns.find((column) => column.key === one?.columnKey)?.sort;
    if (!key || !one?.order) props.onSort?.(undefined);
    else props.onSort?.(one.order === 'descend' ? `-${key}` : key);
  };
  const empty = props.rows?.length === 0 && !props.error;
  return (
    <section className="heng-panel">
      {!props.plain && !(narrow && !props.left) && (
        <div className="heng-toolbar" style={{ padding: '8px 12px', minHeight: 32 }}>
          <div className="heng-grow heng-toolbar">{props.left}</div>
          {props.refresh && !narrow && (
            <Tooltip title={t('action.refresh')}>
              <Button
                type="text"
                icon={<ReloadOutlined spin={props.loading ?? false} />}
                aria-label={t('action.refresh')}
                onClick={props.refresh}
              />
            </Tooltip>
          )}
          {!narrow && (
            <>
              <Dropdown
                trigger={['click']}
                menu={{
                  items: densities,
                  selectable: true,
                  selectedKeys: [density],
                  onClick: ({ key }) => chooseDensity(key as Density),
                }}
              >
                <Button
                  type="text"
                  icon={<ColumnHeightOutlined />}
                  aria-label={t('density.title')}
                />
              </Dropdown>
              <ColumnPanel columns={props.columns} settings={settings} change={change} />
            </>
          )}
        </div>
      )}
      {Boolean(props.error) && (
        <div style={{ padding: '0 12px' }}>
          <ProblemAlert error={props.error} {...(props.refresh ? { retry: props.refresh } : {})} />
        </div>
      )}
      {empty && (props.empty ?? <Nothing text={t('table.empty')} />)}
      {!empty && narrow && <Cards props={props} shown={shown} />}
      {!empty && !narrow && !(props.error && !props.rows) && (
        <Table<T>
          size={density}
          columns={tableColumns(props, shown, settings.frozen, t('table.actions'))}
          dataSource={props.rows ?? []}
          rowKey={props.rowKey}
          loading={props.rows === undefined}
          pagination={false}
          scroll={{ x: across(props, shown) }}
          sticky={{ offsetHeader: SIZES.header }}
          onChange={onChange}
          rowClassName={(row) => (props.rowKey(row) === props.openKey ? 'heng-row-open' : '')}
          {...(props.onChoose
            ? {
                rowSelection: {
                  selectedRowKeys: props.chosen ?? [],
                  onChange: (keys) => props.onChoose?.(keys.map(String)),
                  columnWidth: 44,
                  fixed: true,
                },
              }
            : {})}
        />
      )}
      {props.footer && !empty && (
        <div className="heng-toolbar" style={{ padding: '10px 12px' }}>{props.footer}</div>
      )}
    </section>
  );
}
