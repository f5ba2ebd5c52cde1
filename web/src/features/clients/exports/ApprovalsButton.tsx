/** The way from the list of clients to the requests for unmasked exports. */
import { AuditOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Badge, Button } from 'antd';
import { useExportTodos, useMayExports } from '@/access/exports';
import { useT } from '@/i18n/lang';

export function ApprovalsButton() {
  const t = useT();
  const may = useMayExports();
  const navigate = useNavigate();
  const count = useExportTodos().reduce((sum, todo) => sum + (todo.count ?? 0), 0);
  if (!may) return null;
  return (
    <Badge count={count} size="small">
      <Button icon={<AuditOutlined />} onClick={() => void navigate({ to: '/exports' })}>
        {t('approval.title')}
      </Button>
    </Badge>
  );
}
