/** The roles and what they are for. */
import type { Role } from '@/api/shapes';
import { inLang, isWord, useLang } from '@/i18n/lang';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { Chip, LevelTag } from '@/ui/tags';
import { useRoles } from './queries';

export function RolesTab() {
  const { lang, t } = useLang();
  const roles = useRoles();
  const columns: Column<Role>[] = [
    {
      key: 'name',
      title: t('role.name'),
      width: 170,
      fixed: true,
      render: (row) => inLang(lang, row),
    },
    {
      key: 'kind',
      title: t('role.kind'),
      width: 120,
      phone: true,
      render: (row) => (
        <Chip tone={row.kind === 'office' ? 'purple' : 'blue'}>{t(`role.${row.kind}`)}</Chip>
      ),
    },
    {
      key: 'clearance',
      title: t('role.clearance'),
      width: 120,
      phone: true,
      render: (row) => <LevelTag level={row.clearance} />,
    },
    {
      key: 'about',
      title: t('role.about'),
      width: 520,
      phone: true,
      render: (row) => {
        const word = `role.${row.id}.about`;
        return row.about ?? (isWord(word) ? t(word) : '–');
      },
    },
  ];
  return (
    <DataTable
      name="roles"
      columns={columns}
      rows={roles.data}
      rowKey={(row) => row.id}
      error={roles.error}
      left={<span className="heng-quiet">{t('role.offices')}</span>}
    />
  );
}
