/** The departments of the firm. */
import { PlusOutlined } from '@ant-design/icons';
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { Department } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { DataTable } from '@/ui/DataTable';
import type { Column } from '@/ui/DataTable';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused } from '@/ui/Proof';
import { useCreateDepartment, useDepartments } from './queries';

export function DepartmentsTab() {
  const t = useT();
  const can = useCan();
  const departments = useDepartments();
  const create = useCreateDepartment();
  const [adding, setAdding] = useState(false);
  const [form] = Form.useForm<{ name: string }>();
  const columns: Column<Department>[] = [
    { key: 'name', title: t('client.department'), width: 260, fixed: true, render: (r) => r.name },
    {
      key: 'people',
      title: t('department.people'),
      width: 120,
      align: 'end',
      phone: true,
      render: (row) => <span className="heng-num">{row.people ?? '–'}</span>,
    },
  ];
  const error = create.error instanceof ProofRefused ? null : create.error;
  return (
    <>
      <DataTable
        name="departments"
        columns={columns}
        rows={departments.data?.items}
        rowKey={(row) => row.id}
        error={departments.error}
        left={
          <ActionButton
            icon={<PlusOutlined />}
            allowed={can(RIGHTS.editDepartment)}
            reason={t('page.403.missing') + RIGHTS.editDepartment}
            onClick={() => setAdding(true)}
          >
            {t('department.new')}
          </ActionButton>
        }
      />
      <Modal
        open={adding}
        title={t('department.new')}
        okText={t('action.save')}
        confirmLoading={create.isPending}
        onOk={() => form.submit()}
        onCancel={() => setAdding(false)}
        width={400}
        destroyOnHidden
      >
        <ProblemAlert error={error} />
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          onFinish={({ name }: { name: string }) =>
            create.mutate(name.trim(), { onSuccess: () => setAdding(false) })
          }
        >
          <Form.Item
            name="name"
            label={t('department.name')}
            rules={[{ required: true, whitespace: true, message: t('form.required') }]}
          >
            <Input autoFocus maxLength={40} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
