/** Why submitted figures are changed: whose cause, and in words. */
import { Input, Select } from 'antd';
import type { Cause } from '@/api/statementShapes';
import { useT } from '@/i18n/lang';

export function CauseFields(props: {
  cause: Cause | undefined;
  setCause: (cause: Cause) => void;
  why: string;
  setWhy: (why: string) => void;
}) {
  const t = useT();
  return (
    <div className="heng-toolbar" style={{ alignItems: 'flex-start' }}>
      <Select
        style={{ width: 180 }}
        aria-label={t('st.cause')}
        placeholder={t('st.cause')}
        value={props.cause ?? null}
        onChange={(cause: Cause | null) => cause && props.setCause(cause)}
        options={(['client', 'firm', 'policy'] as const).map((value) => ({
          value,
          label: t(`st.cause.${value}`),
        }))}
      />
      <Input
        style={{ flex: '1 1 240px' }}
        aria-label={t('st.why')}
        placeholder={t('st.why.hint')}
        maxLength={500}
        value={props.why}
        onChange={(event) => props.setWhy(event.target.value)}
      />
    </div>
  );
}
