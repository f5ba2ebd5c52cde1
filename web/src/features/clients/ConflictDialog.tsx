/** The other one saved first: what they changed, and a choice for every clash. */
import { Alert, Modal, Radio, Table } from 'antd';
import { useState } from 'react';
import type { ChangedField, FieldSpec, Plain } from '@/api/shapes';
import { formatInstant } from '@/format/time';
import { inLang, useLang } from '@/i18n/lang';
import { fieldText } from '@/ui/FieldInput';
import { settle } from './conflict';
import type { Clash, Merge, Values } from './conflict';

interface Props {
  merge: Merge;
  changed: ChangedField[];
  fields: FieldSpec[];
  cancel: () => void;
  save: (values: Values) => void;
}

type Choices = Record<string, 'mine' | 'theirs'>;

export function ConflictDialog({ merge, changed, fields, cancel, save }: Props) {
  const { lang, t } = useLang();
  const [choices, setChoices] = useState<Choices>({});
  const spec = (key: string) => fields.find((field) => field.key === key);
  const name = (key: string) => {
    const found = spec(key);
    return found ? inLang(lang, found) : key;
  };
  const text = (key: string, value: Plain) => {
    const found = spec(key);
    return (found ? fieldText(found, value, lang, t) : String(value ?? '')) || t('word.empty');
  };
  const open = merge.clashes.filter((clash) => !choices[clash.key]).length;
  const who = [...new Set(changed.map((one) => one.by))].join(t('list.comma'));
  const option = (clash: Clash, side: 'mine' | 'theirs') => (
    <Radio
      checked={choices[clash.key] === side}
      onChange={() => setChoices((now) => ({ ...now, [clash.key]: side }))}
    >
      <span className="heng-wrap">{text(clash.key, clash[side])}</span>
    </Radio>
  );
  const about = (key: string) => {
    const change = changed.find((one) => one.field === key);
    return change ? `${change.by} · ${formatInstant(change.at)}` : '';
  };
  return (
    <Modal
      open
      width={760}
      title={t('conflict.title')}
      okText={t('conflict.save')}
      okButtonProps={{ disabled: open > 0 }}
      cancelText={t('conflict.back')}
      onOk={() => save(settle(merge, choices))}
      onCancel={cancel}
    >
      <Alert
        type="warning"
        showIcon
        title={who ? t('conflict.who', { who }) : t('conflict.someone')}
        description={
          merge.clashes.length > 0 ? t('conflict.choose') : t('conflict.noclash')
        }
        style={{ marginBottom: 12 }}
      />
      {merge.clashes.length > 0 && (
        <Table<Clash>
          size="small"
          pagination={false}
          rowKey="key"
          dataSource={merge.clashes}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              title: t('conflict.field'),
              key: 'field',
              width: 150,
              render: (_: unknown, clash: Clash) => (
                <>
                  <div>{name(clash.key)}</div>
                  <div className="heng-quiet">
                    {t('conflict.was')} {text(clash.key, clash.base)}
                  </div>
                </>
              ),
            },
            {
              title: t('conflict.mine'),
              key: 'mine',
              render: (_: unknown, clash: Clash) => option(clash, 'mine'),
            },
            {
              title: t('conflict.theirs'),
              key: 'theirs',
              render: (_: unknown, clash: Clash) => (
                <>
                  {option(clash, 'theirs')}
                  <div className="heng-quiet" style={{ paddingInlineStart: 24 }}>
                    {about(clash.key)}
                  </div>
                </>
              ),
            },
          ]}
        />
      )}
      {merge.others.length > 0 && (
        <p className="heng-quiet">
          {t('conflict.others')} {merge.others.map(name).join(t('list.comma'))}
        </p>
      )}
    </Modal>
  );
}
