/** Who is 负责人 and who is 复核人: two different people. */
import { Form, Input } from 'antd';
import { useT } from '@/i18n/lang';
import { PersonSelect } from '@/ui/PersonSelect';

export interface People {
  lead?: string;
  reviewer?: string;
}

export function AssignFields() {
  const t = useT();
  return (
    <>
      <Form.Item name="lead" label={t('client.lead')}>
        <PersonSelect />
      </Form.Item>
      <Form.Item
        name="reviewer"
        label={t('client.reviewer')}
        dependencies={['lead']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_rule, value: unknown) =>
              value && value === getFieldValue('lead')
                ? Promise.reject(new Error(t('assign.same')))
                : Promise.resolve(),
          }),
        ]}
      >
        <PersonSelect />
      </Form.Item>
    </>
  );
}

/** Why something is done; it is kept with the version. */
export function WhyField() {
  const t = useT();
  return (
    <Form.Item
      name="why"
      label={t('form.why')}
      rules={[{ required: true, whitespace: true, message: t('form.why.needed') }]}
    >
      <Input.TextArea rows={2} className="heng-long" maxLength={200} />
    </Form.Item>
  );
}
