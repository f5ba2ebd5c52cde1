/** 客户列表: the query table of the archive. */
import { DownloadOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented, Space } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { MoneyUnit } from '@/format/money';
import { useLang } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useWalk } from '@/ui/cursor';
import { DataTable } from '@/ui/DataTable';
import { PageHeader } from '@/ui/PageHeader';
import { Pager } from '@/ui/Pager';
import { Nothing } from '@/ui/problems';
import { BulkBar } from './BulkBar';
import { ClientDrawer } from './ClientDrawer';
import { ClientFilters } from './ClientFilters';
import { clientColumns } from './columns';
import { ExportDialog } from './ExportDialog';
import { ApprovalsButton } from './exports/ApprovalsButton';
import { filtersOf } from './exports/queries';
import { NewClientDrawer } from './NewClientDrawer';
import { useClients, useFields } from './queries';
import { BUILT_IN, ViewBar } from './ViewBar';

const UNIT_STORE = 'heng.unit';

export function ClientListPage() {
  const { lang, t } = useLang();
  const can = useCan();
  const search = useSearch({ from: '/in/clients' });
  const navigate = useNavigate({ from: '/clients' });
  const [chosen, setChosen] = useState<string[]>([]);
  const [exporting, setExporting] = useState<string[] | null>(null);
  const [unit, setUnit] = useState<MoneyUnit>(() =>
    localStorage.getItem(UNIT_STORE) === 'yuan' ? 'yuan' : 'wan',
  );
  const limit = Number(search.limit ?? 50) || 50;
  const { open, new: creating, ...filters } = search;
  const builtIn = !search.view || BUILT_IN.some((view) => view === search.view);
  const query = { ...filters, view: builtIn ? search.view : undefined, limit };
  const clients = useClients(query);
  const fields = useFields();
  const put = (next: Partial<typeof search>, keepPlace = false) =>
    void navigate({
      search: (now) => ({ ...now, ...(keepPlace ? {} : { cursor: undefined }), ...next }),
    });
  const walk = useWalk(search.cursor, (cursor) => put({ cursor }, true));
  const rows = clients.data?.items;
  const chooseUnit = (next: MoneyUnit) => {
    localStorage.setItem(UNIT_STORE, next);
    setUnit(next);
  };
  const filtered = Boolean(
    search.q ||
    search.stage ||
    search.tag ||
    search.lead ||
    search.department ||
    search.view ||
    search.findings ||
    search.completeness_max,
  );
  const columns = clientColumns({
    t,
    lang,
    unit,
    fields: fields.data ?? [],
    open: (id) => put({ open: id }, true),
  });
  const create = (
    <ActionButton
      type="primary"
      icon={<PlusOutlined />}
      allowed={can(RIGHTS.createClient)}
      reason={t('page.403.missing') + RIGHTS.createClient}
      onClick={() => put({ new: '1' }, true)}
    >
      {t('client.new')}
    </ActionButton>
  );
  const empty = filtered ? (
    <Nothing text={t('client.nomatch')}>
      <Button onClick={() => void navigate({ search: {} })}>{t('client.clear')}</Button>
    </Nothing>
  ) : (
    <Nothing text={t('client.none')}>
      <Space>
        {create}
        {can(RIGHTS.listImports) && (
          <Button onClick={() => void navigate({ to: '/imports' })}>{t('client.import')}</Button>
        )}
      </Space>
    </Nothing>
  );
  return (
    <>
      <PageHeader
        title={t('nav.clients')}
        actions={
          <>
            {can(RIGHTS.listImports) && (
              <Button icon={<UploadOutlined />} onClick={() => void navigate({ to: '/imports' })}>
                {t('client.import')}
              </Button>
            )}
            <ApprovalsButton />
            <ActionButton
              icon={<DownloadOutlined />}
              allowed={can(RIGHTS.exportClients)}
              reason={t('page.403.missing') + RIGHTS.exportClients}
              onClick={() => setExporting([])}
            >
              {t('client.export')}
            </ActionButton>
            {create}
          </>
        }
      />
      <ViewBar search={search} put={put} />
      <ClientFilters search={search} put={put} />
      <DataTable
        name="clients"
        view={search.view ?? ''}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        loading={clients.isFetching}
        error={clients.error}
        refresh={() => void clients.refetch()}
        sort={search.sort}
        onSort={(sort) => put({ sort })}
        chosen={chosen}
        onChoose={setChosen}
        openKey={open}
        empty={empty}
        left={
          chosen.length > 0 ? (
            <BulkBar
              ids={chosen}
              total={clients.data?.total?.count ?? 0}
              query={filtersOf(query)}
              recycled={search.view === 'recycled'}
              clear={() => setChosen([])}
              onExport={setExporting}
            />
          ) : (
            <Segmented<MoneyUnit>
              size="small"
              value={unit}
              onChange={chooseUnit}
              options={[
                { value: 'wan', label: t('unit.wan') },
                { value: 'yuan', label: t('unit.yuan') },
              ]}
            />
          )
        }
        footer={
          <Pager
            total={clients.data?.total}
            limit={limit}
            setLimit={(next) => put({ limit: String(next) })}
            first={walk.first}
            next={clients.data?.next}
            onFirst={walk.toFirst}
            onPrevious={walk.toPrevious}
            onNext={walk.toNext}
            onExact={() => put({ count: 'exact' }, true)}
          />
        }
      />
      <ClientDrawer
        id={open}
        rows={rows ?? []}
        show={(id) => put({ open: id }, true)}
        close={() => put({ open: undefined }, true)}
      />
      <NewClientDrawer open={Boolean(creating)} close={() => put({ new: undefined }, true)} />
      <ExportDialog
        query={{ ...filters, view: builtIn ? search.view : undefined }}
        ids={exporting}
        close={() => setExporting(null)}
      />
    </>
  );
}
