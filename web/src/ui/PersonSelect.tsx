/** Choosing a colleague. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { listUsers } from '@/api/identity';
import { useT } from '@/i18n/lang';

interface Props {
  value?: string | undefined;
  onChange?: (value: string | undefined) => void;
  id?: string;
  placeholder?: string;
  valueBy?: 'id' | 'name';
}

export function PersonSelect({ value, onChange, id, placeholder, valueBy = 'id' }: Props) {
  const t = useT();
  const people = useQuery({ queryKey: ['users', ''], queryFn: () => listUsers() });
  return (
    <Select
      {...(id ? { id } : {})}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      style={{ width: '100%' }}
      loading={people.isLoading}
      placeholder={placeholder ?? t('form.choose')}
      value={value || undefined}
      onChange={(next: string | undefined) => onChange?.(next)}
      options={(people.data?.items ?? []).map((person) => ({
        value: valueBy === 'id' ? person.id : person.name,
        label: person.display_name,
      }))}
    />
  );
}
