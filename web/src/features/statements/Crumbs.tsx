/** The way back from a page of statements, with the client's name. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Breadcrumb } from 'antd';
import { readClient } from '@/api/clients';
import { useT } from '@/i18n/lang';

export function Crumbs({ client, here }: { client: string; here: string }) {
  const t = useT();
  const view = useQuery({
    queryKey: ['client', client, ''],
    queryFn: () => readClient(client),
    staleTime: 300_000,
    retry: false,
  });
  const params = { id: client };
  return (
    <Breadcrumb
      style={{ marginBottom: 8 }}
      items={[
        { title: <Link to="/clients">{t('nav.clients')}</Link> },
        {
          title: (
            <Link to="/clients/$id" params={params} search={{ tab: 'financial' }}>
              {view.data ? (view.data.short_name ?? view.data.name) : t('tab.financial')}
            </Link>
          ),
        },
        { title: here },
      ]}
    />
  );
}
