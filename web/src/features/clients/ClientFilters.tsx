/** The query form above the list: three fields, more on request. */
import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select, Tag } from 'antd';
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { listDepartments } from '@/api/identity';
import type { Stage } from '@/api/shapes';
import { useT } from '@/i18n/lang';
import { onEnter } from '@/ui/ime';
import { useNarrow } from '@/ui/narrow';
import { PersonSelect } from '@/ui/PersonSelect';

export const STAGES: Stage[] = [
  'prospect',
  'onboarding',
  'active',
  'suspended',
  'ended',
  'archived',
];

export interface ListSearch {
  q?: string;
  stage?: string;
  tag?: string;
  lead?: string;
  department?: string;
  view?: string;
  sort?: string;
  cursor?: string;
  limit?: string;
  count?: string;
  findings?: string;
  completeness_max?: string;
  open?: string;
  new?: string;
}

type Change = { [K in keyof ListSearch]?: ListSearch[K] | undefined };
export type Put = (next: Change, keepPlace?: boolean) => void;

interface Props {
  search: ListSearch;
  put: Put;
}

const FILTERS = ['q', 'stage', 'tag', 'lead', 'department'] as const;
const MARKS = ['findings', 'completeness_max'] as const;
type Values = Partial<Record<(typeof FILTERS)[number], string>>;

export function ClientFilters({ search, put }: Props) {
  const t = useT();
  const narrow = useNarrow();
  const onPhone = narrow && (search.stage || search.lead);
  const more = Boolean(search.tag || search.department || onPhone);
  const [unfolded, setUnfolded] = useState(more);
  const departments = useQuery({ queryKey: ['departments'], queryFn: listDepartments });
  const { q, stage, tag, lead, department } = search;
  const [values, setValues] = useState<Values>({});
  useEffect(() => {
    setValues({
      ...(q ? { q } : {}),
      ...(stage ? { stage } : {}),
      ...(tag ? { tag } : {}),
      ...(lead ? { lead } : {}),
      ...(department ? { department } : {}),
    });
  }, [q, stage, tag, lead, department]);
  const set = (key: keyof Values, value: string | undefined) =>
    setValues((now) => ({ ...now, [key]: value }));
  const go = (next: Values) =>
    put(Object.fromEntries(FILTERS.map((key) => [key, next[key]?.trim() || undefined])));
  const pick = (key: keyof Values, value: string | undefined) => {
    set(key, value);
    go({ ...values, [key]: value });
  };
  const item = { style: { marginBottom: 0 } };
  return (
    <section
      className="heng-panel heng-panel-pad"
      style={{ marginBottom: 12, paddingBlock: 12 }}
      aria-label={t('action.query')}
    >
      <div
        style={{
          display: 'grid',
          gap: '10px 16px',
          gridTemplateColumns: narrow ? '1fr' : 'repeat(auto-fill, minmax(240px, 1fr))',
          alignItems: 'end',
        }}
      >
        <Form.Item {...item}>
          <Input
            allowClear
            placeholder={t('client.find')}
            aria-label={t('client.find')}
            value={values.q ?? ''}
            onChange={(event) => set('q', event.target.value)}
            onKeyDown={onEnter(() => go(values))}
          />
        </Form.Item>
        {(!narrow || unfolded) && (
          <>
            <Form.Item {...item}>
              <Select
                allowClear
                placeholder={t('client.stage')}
                aria-label={t('client.stage')}
                value={values.stage}
                onChange={(next: string | undefined) => pick('stage', next)}
                options={STAGES.map((value) => ({ value, label: t(`stage.${value}`) }))}
              />
            </Form.Item>
            <Form.Item {...item}>
              <PersonSelect
                value={values.lead}
                first={[
                  { value: 'me', label: t('client.lead.me') },
                  { value: 'none', label: t('client.nolead') },
                ]}
                placeholder={t('client.lead')}
                onChange={(next) => pick('lead', next)}
              />
            </Form.Item>
          </>
        )}
        {unfolded && (
          <>
            <Form.Item {...item}>
              <Select
                allowClear
                placeholder={t('client.department')}
                aria-label={t('client.department')}
                value={values.department}
                onChange={(next: string | undefined) => pick('department', next)}
                options={(departments.data?.items ?? []).map((one) => ({
                  value: one.id,
                  label: one.name,
                }))}
              />
            </Form.Item>
            <Form.Item {...item}>
              <Input
                allowClear
                placeholder={t('client.tags')}
                aria-label={t('client.tags')}
                value={values.tag ?? ''}
                onChange={(event) => set('tag', event.target.value)}
                onKeyDown={onEnter(() => go(values))}
              />
            </Form.Item>
          </>
        )}
        <div
          className="heng-toolbar"
          style={{ justifyContent: narrow ? 'flex-end' : 'flex-start' }}
        >
          <Button type="primary" ghost onClick={() => go(values)}>{t('action.query')}</Button>
          <Button
            onClick={() => {
              setValues({});
              put(Object.fromEntries([...FILTERS, ...MARKS].map((key) => [key, undefined])));
            }}
          >
            {t('action.reset')}
          </Button>
          <Button
            type="link"
            style={{ paddingInline: 4 }}
            icon={unfolded ? <UpOutlined /> : <DownOutlined />}
            iconPlacement="end"
            onClick={() => setUnfolded(!unfolded)}
          >
            {unfolded ? t('action.fold') : t('action.expand')}
          </Button>
        </div>
      </div>
      {MARKS.some((key) => search[key]) && (
        <div className="heng-toolbar" style={{ marginTop: 10 }}>
          {MARKS.filter((key) => search[key]).map((key) => (
            <Tag key={key} color="blue" closable onClose={() => put({ [key]: undefined })}>
              {t(`filter.${key}`)}
            </Tag>
          ))}
        </div>
      )}
    </section>
  );
}
