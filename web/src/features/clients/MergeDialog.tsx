/** Two files of one client become one: find the other, choose values, say why. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Form, Input, Modal, Radio, Select, Spin, Switch, Table } from 'antd';
import { useDeferredValue, useState } from 'react';
import { searchClients } from '@/api/clients';
import { Problem } from '@/api/client';
import type { ClientView, ComparedField, FieldValue } from '@/api/shapes';
import type { MergePreview, MergeSide } from '@/api/shapes';
import { inLang, translator, useLang } from '@/i18n/lang';
import type { Lang, Translate } from '@/i18n/lang';
import { fieldText } from '@/ui/FieldInput';
import { useNarrow } from '@/ui/narrow';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { Chip, Tags } from '@/ui/tags';
import { STAGES } from './ClientFilters';
import { useFields, useMerge, useMergePreview } from './queries';

type Choices = Record<string, MergeSide>;
const SIDES: MergeSide[] = ['from', 'into'];

interface PickProps {
  self: string;
  value: string | undefined;
  choose: (id: string | undefined) => void;
}

/** Finds the client that stays. */
function ClientPick({ self, value, choose }: PickProps) {
  const { t } = useLang();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const search = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => searchClients(q, signal),
    enabled: q !== '',
    placeholderData: (before) => before,
  });
  const hits = (search.data?.clients ?? []).filter((client) => client.id !== self);
  return (
    <>
      <Select
        autoFocus
        allowClear
        style={{ width: '100%' }}
        aria-label={t('merge.into')}
        placeholder={t('merge.find')}
        value={value}
        showSearch={{ filterOption: false, onSearch: setText }}
        notFoundContent={
          search.isFetching ? <Spin size="small" /> : t(q ? 'merge.nohit' : 'merge.find')
        }
        onChange={(id: string | undefined) => choose(id)}
        options={hits.map((client) => ({
          value: client.id,
          label: [client.name, client.code, client.lead].filter(Boolean).join(' · '),
        }))}
      />
      <ProblemAlert error={search.error} />
    </>
  );
}

/** A value of one side as the person may see it. */
function useShown() {
  const { lang, t } = useLang();
  const fields = useFields();
  return (row: ComparedField, value: FieldValue | null): string => {
    if (!value) return t('word.empty');
    if (value.locked) return t('client.locked');
    const spec = fields.data?.find((field) => field.key === row.field && !field.list);
    if (spec && !value.masked) return fieldText(spec, value.value, lang, t) || t('word.empty');
    const text = String(value.value ?? '');
    return (row.field === 'stage' ? stageText(text, lang, t) : text) || t('word.empty');
  };
}

/** The server names the stage in Chinese. */
function stageText(text: string, lang: Lang, t: Translate): string {
  const zh = translator('zh');
  const stage = STAGES.find((one) => zh(`stage.${one}`) === text);
  return lang !== 'zh' && stage ? t(`stage.${stage}`) : text;
}

interface TableProps {
  preview: MergePreview;
  choices: Choices;
  choose: (field: string, side: MergeSide) => void;
}

function Comparison({ preview, choices, choose }: TableProps) {
  const { lang, t } = useLang();
  const narrow = useNarrow();
  const shown = useShown();
  const clashes = preview.conflicts.length;
  const [only, setOnly] = useState(clashes > 0);
  const rows = preview.fields.filter((row) => (only ? row.differs : row.from ?? row.into));
  const cell = (row: ComparedField, side: MergeSide) => {
    const text = <span className="heng-wrap">{shown(row, row[side])}</span>;
    const kept = choices[row.field] ?? row.kept;
    if (!row.differs) return kept === side ? text : <span className="heng-quiet">{text}</span>;
    return (
      <Radio
        name={`merge-${row.field}`}
        checked={kept === side}
        onChange={() => choose(row.field, side)}
      >
        {text}
      </Radio>
    );
  };
  const heads = {
    from: t('merge.from.side', { code: preview.from.code }),
    into: t('merge.into.side', { code: preview.into.code }),
  };
  return (
    <>
      <div className="heng-toolbar" style={{ marginBottom: 8 }}>
        {clashes === 0 && <span className="heng-grow">{t('merge.same')}</span>}
        <Switch
          size="small"
          id="merge-only"
          checked={only}
          disabled={clashes === 0}
          onChange={setOnly}
        />
        <label htmlFor="merge-only">{t('merge.only', { count: clashes })}</label>
      </div>
      {narrow ? (
        <div style={{ display: 'grid', gap: 8 }}>
          {rows.map((row) => (
            <fieldset key={row.field} className="heng-card" style={{ margin: 0, minWidth: 0 }}>
              <legend style={{ fontWeight: 600, paddingInline: 4 }}>{inLang(lang, row)}</legend>
              {SIDES.map((side) => (
                <div key={side} style={{ marginBottom: 6 }}>
                  <div className="heng-quiet" style={{ fontSize: 13 }}>{heads[side]}</div>
                  {cell(row, side)}
                </div>
              ))}
            </fieldset>
          ))}
        </div>
      ) : (
        <Table<ComparedField>
          size="small"
          pagination={false}
          rowKey="field"
          dataSource={rows}
          scroll={{ y: 236 }}
          columns={[
            {
              title: t('merge.field'),
              key: 'field',
              width: 150,
              render: (_: unknown, row: ComparedField) => inLang(lang, row),
            },
            ...SIDES.map((side) => ({
              title: heads[side],
              key: side,
              render: (_: unknown, row: ComparedField) => cell(row, side),
            })),
          ]}
        />
      )}
    </>
  );
}

/** What comes together without a choice: the lists and the tags. */
function United({ preview }: { preview: MergePreview }) {
  const { lang, t } = useLang();
  const line = (one: MergePreview['lists'][number]) =>
    t('merge.list', {
      list: inLang(lang, one),
      from: one.from,
      into: one.into,
      sum: one.from + one.into,
    });
  return (
    <div style={{ display: 'grid', gap: 8, margin: '12px 0' }}>
      {preview.lists.length > 0 && (
        <div className="heng-toolbar" style={{ gap: 6 }}>
          <span className="heng-quiet">{t('merge.lists')}</span>
          {preview.lists.map((one) => (
            <Chip key={one.list}>{line(one)}</Chip>
          ))}
        </div>
      )}
      {preview.tags.length > 0 && (
        <div className="heng-toolbar" style={{ gap: 6 }}>
          <span className="heng-quiet">{t('merge.tags')}</span>
          <Tags tags={preview.tags} />
        </div>
      )}
    </div>
  );
}

export function MergeDialog({ client, close }: { client: ClientView; close: () => void }) {
  const { t } = useLang();
  const notify = useNotify();
  const navigate = useNavigate();
  const [into, setInto] = useState<string | undefined>();
  const [choices, setChoices] = useState<Choices>({});
  const preview = useMergePreview(client.id, into);
  const merge = useMerge();
  const [form] = Form.useForm<{ why: string }>();
  const seen = preview.data;
  const pick = (id: string | undefined) => {
    merge.reset();
    setChoices({});
    setInto(id);
  };
  const submit = ({ why }: { why: string }) => {
    if (!seen) return;
    merge.mutate(
      {
        from: seen.from.id,
        into: seen.into.id,
        choices,
        from_version: seen.from.version,
        into_version: seen.into.version,
        why: why.trim(),
      },
      {
        onSuccess: () => {
          notify.good(t('merge.done', { name: seen.into.name }));
          close();
          void navigate({ to: '/clients/$id', params: { id: seen.into.id } });
        },
      },
    );
  };
  const stale = merge.error instanceof Problem && merge.error.code === 'client.stale';
  const again = () => {
    merge.reset();
    setChoices({});
    void preview.refetch();
  };
  return (
    <Modal
      open
      width={860}
      style={{ top: 24 }}
      title={t('merge.title', { name: client.name })}
      okText={t('merge.run')}
      okButtonProps={{ danger: true, disabled: !seen }}
      confirmLoading={merge.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      mask={{ closable: false }}
    >
      <div style={{ marginBottom: 12 }}>
        <div style={{ marginBottom: 6 }}>{t('merge.into')}</div>
        <ClientPick self={client.id} value={into} choose={pick} />
      </div>
      <ProblemAlert error={preview.error} retry={() => void preview.refetch()} />
      {into && preview.isFetching && !seen && <Spin style={{ display: 'block', margin: 24 }} />}
      {seen && (
        <>
          <Alert
            type="warning"
            showIcon
            style={{ marginBottom: 12 }}
            title={t('merge.about', { from: seen.from.name, into: seen.into.name })}
          />
          <Comparison
            key={seen.into.id}
            preview={seen}
            choices={choices}
            choose={(field, side) => setChoices((now) => ({ ...now, [field]: side }))}
          />
          <United preview={seen} />
          <ProblemAlert error={merge.error} />
          {stale && <Button onClick={again}>{t('merge.again')}</Button>}
          <Form form={form} layout="vertical" onFinish={submit}>
            <Form.Item
              name="why"
              label={t('merge.why')}
              rules={[{ required: true, whitespace: true, message: t('form.why.needed') }]}
            >
              <Input.TextArea
                rows={2}
                className="heng-long"
                maxLength={200}
                placeholder={t('merge.why.hint')}
              />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}
