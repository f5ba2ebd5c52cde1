/** Choosing a client by name, initials or code. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { searchClients } from '@/api/clients';
import { useT } from '@/i18n/lang';

interface Props {
  value: string | undefined;
  /** The name of the chosen client, as the address keeps it. */
  name: string | undefined;
  onChange: (client: { id: string; name: string } | null) => void;
}

export function ClientSelect({ value, name, onChange }: Props) {
  const t = useT();
  const [q, setQ] = useState('');
  const search = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => searchClients(q, signal),
    enabled: q.trim() !== '',
  });
  const hits = search.data?.clients ?? [];
  const options = hits.map((hit) => ({ value: hit.id, label: `${hit.code} ${hit.name}` }));
  if (value && !options.some((one) => one.value === value)) {
    options.unshift({ value, label: name ?? value });
  }
  return (
    <Select<string>
      allowClear
      showSearch={{ filterOption: false, onSearch: setQ }}
      style={{ width: '100%' }}
      aria-label={t('st.client')}
      placeholder={t('st.client')}
      loading={search.isFetching}
      notFoundContent={t(q ? 'merge.nohit' : 'merge.find')}
      {...(value ? { value } : {})}
      options={options}
      onChange={(id: string | undefined) => {
        const hit = hits.find((one) => one.id === id);
        onChange(id ? { id, name: hit?.name ?? name ?? id } : null);
      }}
    />
  );
}
