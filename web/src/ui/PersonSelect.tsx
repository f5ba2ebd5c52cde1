/** Choosing a colleague. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { listUsers } from '@/api/identity';
import { useT } from '@/i18n/lang';

interface Props {
  value?: string | undefined;
  onChange?: (value: string | undefined) => void;
  id?: string;
  placeholder?: string;
  /** Choices before the people. */
  first?: { value: string; label: string }[];
}

export function PersonSelect({ value, onChange, id, placeholder, first = [] }: Props) {
  const t = useT();
  const can = useCan();
  const people = useQuery({
    queryKey: ['users', ''],
    queryFn: () => listUsers(),
    enabled: can(RIGHTS.listUsers),
    staleTime: 60_000,
  });
  return (
    <Select
      {...(id ? { id } : { 'aria-label': placeholder ?? t('form.choose') })}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      style={{ width: '100%' }}
      loading={people.isLoading}
      placeholder={placeholder ?? t('form.choose')}
      value={value || undefined}
      onChange={(next: string | undefined) => onChange?.(next)}
      options={[
        ...first,
        ...(people.data?.items ?? [])
          .filter((person) => !person.disabled)
          .map((person) => ({ value: person.id, label: person.display_name })),
      ]}
    />
  );
}
