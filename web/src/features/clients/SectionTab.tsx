/** 基础信息 / 经营信息: the fields of a section, read and edited, and its lists. */
import { Alert, Button, Card, Descriptions } from 'antd';
import { EditOutlined } from '@ant-design/icons';
import { useState } from 'react';
import type { ClientView, FieldSpec } from '@/api/shapes';
import { inLang, useLang } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { FieldShown } from './FieldShown';
import { ItemList } from './ItemList';
import { SectionForm } from './SectionForm';
import { VerifyButton } from './VerifyButton';
import { readDraft } from './drafts';
import { useMe } from '@/access/me';

interface Props {
  client: ClientView;
  fields: FieldSpec[];
  section: FieldSpec['section'];
}

function Shown({ client, fields }: { client: ClientView; fields: FieldSpec[] }) {
  const { lang } = useLang();
  const verify = client.may['verify'];
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, sm: 1, md: 2, xl: 3 }}
      items={fields.map((field) => ({
        key: field.key,
        label: inLang(lang, field),
        span: field.kind === 'long' ? 2 : 1,
        children: (
          <span className="heng-toolbar" style={{ gap: 4 }}>
            <FieldShown
              client={client.id}
              spec={field}
              field={client.fields[field.key]}
              currency={client.fields['capital_currency']?.value}
            />
            {field.key === 'legal_rep_id_no' && verify?.allowed !== false && (
              <VerifyButton client={client.id} field={field.key} label={inLang(lang, field)} />
            )}
          </span>
        ),
      }))}
    />
  );
}

export function SectionTab({ client, fields, section }: Props) {
  const { t } = useLang();
  const me = useMe();
  const own = fields.filter((field) => field.section === section);
  const flat = own.filter((field) => !field.list);
  const lists = [...new Set(own.flatMap((field) => field.list ?? []))];
  const past = Boolean(client.as_of);
  const may = client.may['update'];
  const allowed = !past && may?.allowed !== false;
  const kept = allowed && readDraft(me.id, client.id, section) !== null;
  const [editing, setEditing] = useState(false);
  return (
    <div className="heng-grid">
      <Card
        size="small"
        title={t(`section.${section}`)}
        extra={
          !editing && (
            <ActionButton
              size="small"
              icon={<EditOutlined />}
              allowed={allowed}
              reason={past ? t('client.past') : may?.reason}
              onClick={() => setEditing(true)}
            >
              {t('action.edit')}
            </ActionButton>
          )
        }
      >
        {kept && !editing && (
          <Alert
            type="warning"
            showIcon
            title={t('draft.found')}
            style={{ marginBottom: 12 }}
            action={
              <Button size="small" onClick={() => setEditing(true)}>{t('draft.continue')}</Button>
            }
          />
        )}
        {editing ? (
          <SectionForm
            client={client}
            fields={flat}
            section={section}
            close={() => setEditing(false)}
          />
        ) : (
          <Shown client={client} fields={flat} />
        )}
      </Card>
      {lists.map((list) => (
        <ItemList
          key={list}
          client={client}
          list={list}
          fields={own.filter((field) => field.list === list)}
        />
      ))}
    </div>
  );
}
