/** 分类分级目录: what is kept, how sensitive it is, who reads it, for how long. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Input, Segmented } from 'antd';
import { listCatalogue } from '@/api/record';
import type { CatalogueRow } from '@/api/shapes';
import { inLang, useLang } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { PageHeader } from '@/ui/PageHeader';
import { LevelTag } from '@/ui/tags';

export function CataloguePage() {
  const { lang, t } = useLang();
  const search = useSearch({ from: '/in/catalogue' });
  const navigate = useNavigate({ from: '/catalogue' });
  const catalogue = useQuery({ queryKey: ['catalogue'], queryFn: listCatalogue });
  const find = (search.q ?? '').toLowerCase();
  const rows = catalogue.data?.filter(
    (row) =>
      (!search.level || String(row.level) === search.level) &&
      (!find || `${row.item} ${row.zh} ${row.en} ${row.category}`.toLowerCase().includes(find)),
  );
  const both = (chinese: string, english: string | undefined) =>
    lang === 'en' ? (english ?? chinese) : chinese;
  const text = (value: string | null | undefined) =>
    value ? <span title={value}>{value}</span> : '–';
  const columns: Column<CatalogueRow>[] = [
    {
      key: 'name',
      title: t('catalogue.item'),
      width: 196,
      fixed: true,
      frozenAtFirst: true,
      render: (row) => inLang(lang, row),
    },
    {
      key: 'level',
      title: t('catalogue.level'),
      width: 84,
      phone: true,
      render: (row) => <LevelTag level={row.level} />,
    },
    {
      key: 'category',
      title: t('catalogue.category'),
      width: 130,
      phone: true,
      render: (row) => text(both(row.category, row.category_en)),
    },
    {
      key: 'masking',
      title: t('catalogue.masking'),
      width: 150,
      phone: true,
      render: (row) => text(both(row.masking, row.masking_en)),
    },
    {
      key: 'read',
      title: t('catalogue.read'),
      width: 190,
      render: (row) => text(both(row.read, row.read_en)),
    },
    {
      key: 'write',
      title: t('catalogue.write'),
      width: 140,
      hiddenAtFirst: true,
      render: (row) => text(both(row.write, row.write_en)),
    },
    {
      key: 'retention',
      title: t('catalogue.retention'),
      width: 170,
      phone: true,
      render: (row) => text(both(row.retention, row.retention_en)),
    },
    {
      key: 'reveal',
      title: t('catalogue.reveal'),
      width: 150,
      hiddenAtFirst: true,
      render: (row) => text(both(row.reveal ?? '', row.reveal_en)),
    },
    {
      key: 'sealed',
      title: t('catalogue.sealed'),
      width: 88,
      render: (row) => t(row.sealed ? 'word.yes' : 'word.no'),
    },
    {
      key: 'searchable',
      title: t('catalogue.searchable'),
      width: 88,
      render: (row) => t(row.searchable ? 'word.yes' : 'word.no'),
    },
    {
      key: 'code',
      title: t('catalogue.code'),
      width: 190,
      hiddenAtFirst: true,
      render: (row) => <span className="heng-code">{row.item}</span>,
    },
  ];
  const put = (next: { q?: string | undefined; level?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  return (
    <>
      <PageHeader title={t('nav.catalogue')} about={t('catalogue.about')} />
      <DataTable
        name="catalogue"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.item}
        loading={catalogue.isFetching}
        error={catalogue.error}
        refresh={() => void catalogue.refetch()}
        left={
          <>
            <Input
              allowClear
              style={{ width: 220 }}
              placeholder={t('catalogue.find')}
              aria-label={t('catalogue.find')}
              value={search.q ?? ''}
              onChange={(event) => put({ q: event.target.value || undefined })}
            />
            <Segmented
              value={search.level ?? ''}
              onChange={(level) => put({ level: level || undefined })}
              options={[
                { value: '', label: t('view.all') },
                ...['1', '2', '3', '4'].map((value) => ({
                  value,
                  label: t('level.n', { level: value }),
                })),
              ]}
            />
          </>
        }
        footer={
          <span className="heng-quiet">{t('pager.total', { count: rows?.length ?? 0 })}</span>
        }
      />
    </>
  );
}
