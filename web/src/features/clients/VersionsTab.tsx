/** 版本: every change, who, when, why, and what it was before. */
import { Table, Timeline } from 'antd';
import type { FieldSpec, Plain, VersionRow } from '@/api/shapes';
import { formatInstant } from '@/format/time';
import { inLang, useLang } from '@/i18n/lang';
import { fieldText } from '@/ui/FieldInput';
import { Loaded, Nothing } from '@/ui/problems';
import { useVersions } from './queries';

type Change = VersionRow['changes'][number];

function Changes({ changes, fields }: { changes: Change[]; fields: FieldSpec[] }) {
  const { lang, t } = useLang();
  const text = (change: Change, value: Plain) => {
    const spec = fields.find((field) => field.path === change.field);
    if (value === null || value === '') {
      return <span className="heng-quiet">{t('word.empty')}</span>;
    }
    const words = spec ? fieldText(spec, value, lang, t) : String(value);
    return <span className="heng-wrap">{words}</span>;
  };
  return (
    <Table<Change>
      size="small"
      pagination={false}
      rowKey={(change) => change.field}
      dataSource={changes}
      style={{ marginTop: 8, maxWidth: 960 }}
      tableLayout="fixed"
      columns={[
        {
          key: 'field',
          title: t('version.field'),
          width: '26%',
          render: (_: unknown, change) => {
            const spec = fields.find((field) => field.path === change.field);
            return inLang(lang, spec ?? change) || change.field;
          },
        },
        {
          key: 'before',
          title: t('version.before'),
          render: (_: unknown, change) => text(change, change.before),
        },
        {
          key: 'after',
          title: t('version.after'),
          render: (_: unknown, change) => text(change, change.after),
        },
      ]}
    />
  );
}

export function VersionsTab({ id, fields }: { id: string; fields: FieldSpec[] }) {
  const { t } = useLang();
  const versions = useVersions(id);
  return (
    <section className="heng-panel heng-panel-pad">
      <Loaded query={versions}>
        {(list) =>
          list.length === 0 ? (
            <Nothing text={t('version.none')} />
          ) : (
            <Timeline
              style={{ paddingTop: 8 }}
              items={list.map((version) => ({
                key: version.version,
                content: (
                  <>
                    <div className="heng-toolbar" style={{ gap: 12 }}>
                      <strong>{t('version.n', { n: version.version })}</strong>
                      <span>{version.by}</span>
                      <span className="heng-quiet heng-num">{formatInstant(version.at)}</span>
                    </div>
                    {version.why && <div className="heng-quiet">{version.why}</div>}
                    {version.changes.length > 0 && (
                      <Changes changes={version.changes} fields={fields} />
                    )}
                  </>
                ),
              }))}
            />
          )
        }
      </Loaded>
    </section>
  );
}
