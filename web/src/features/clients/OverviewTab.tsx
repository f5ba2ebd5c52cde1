/** 概览: what is missing, what looks wrong, what was computed and why. */
import { Button, Card } from 'antd';
import type { ClientView, Finding, FieldSpec } from '@/api/shapes';
import { inLang, isWord, useLang, wordOr } from '@/i18n/lang';
import { PercentBar, SeverityMark } from '@/ui/tags';
import { Nothing } from '@/ui/problems';
import { FieldShown } from './FieldShown';

const ORDER = { error: 0, warning: 1, hint: 2 } as const;

export function FindingList({ findings, fields }: { findings: Finding[]; fields: FieldSpec[] }) {
  const { lang } = useLang();
  const sorted = [...findings].sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  return (
    <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8 }}>
      {sorted.map((finding) => {
        const spec = fields.find((field) => field.path === finding.field);
        return (
          <li
            key={`${finding.field}.${finding.code}`}
            style={{ display: 'grid', gridTemplateColumns: '76px minmax(0, 1fr)', gap: 8 }}
          >
            <SeverityMark severity={finding.severity} />
            <span>
              {spec && <strong style={{ marginInlineEnd: 8 }}>{inLang(lang, spec)}</strong>}
              {finding.message}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface Props {
  client: ClientView;
  fields: FieldSpec[];
  goTo: (section: string) => void;
}

function Completeness({ client, goTo }: { client: ClientView; goTo: (section: string) => void }) {
  const { lang, t } = useLang();
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {client.sections.map((section) => (
        <div key={section.section}>
          <div className="heng-toolbar">
            <span className="heng-grow">{wordOr(t, 'section', section.section)}</span>
            <PercentBar percent={section.percent} width={120} />
          </div>
          {section.missing.length > 0 && (
            <div className="heng-quiet" style={{ marginTop: 4 }}>
              {t('client.missing')}
              {section.missing.slice(0, 8).map((one) => inLang(lang, one)).join(t('list.comma'))}
              {section.missing.length > 8 &&
                t('client.missing.more', { count: section.missing.length - 8 })}
              <Button type="link" size="small" onClick={() => goTo(section.section)}>
                {t('client.fill')}
              </Button>
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

function ComputedList({ client }: { client: ClientView }) {
  const { lang, t } = useLang();
  const items = Object.entries(client.computed).filter(([, value]) => value !== null);
  if (items.length === 0) return <Nothing text={t('client.uncomputed')} />;
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      {items.map(([key, computed]) => {
        const value = computed?.value;
        const label = `computed.${key}`;
        const word =
          (computed && inLang(lang, computed)) ||
          (typeof value === 'boolean'
            ? t(value ? 'word.yes' : 'word.no')
            : wordOr(t, key, String(value ?? '–')));
        return (
          <div key={key}>
            <div className="heng-toolbar">
              <span className="heng-grow">
                {isWord(label) ? t(label) : key}
              </span>
              <strong>{word}</strong>
            </div>
            <div className="heng-quiet">
              {lang === 'en' ? (computed?.reason_en ?? computed?.reason) : computed?.reason}
            </div>
          </div>
        );
      })}
    </div>
  );
}

function Contacts({ client, fields }: { client: ClientView; fields: FieldSpec[] }) {
  const { lang, t } = useLang();
  const contacts = client.lists['contacts'] ?? [];
  const specs = fields.filter((field) => field.list === 'contacts');
  if (contacts.length === 0) return <Nothing text={t('client.nocontacts')} />;
  return (
    <div className="heng-grid" style={{ gap: 10 }}>
      {contacts.slice(0, 3).map((contact) => (
        <div key={contact.id} className="heng-card">
          {specs
            .filter((spec) => spec.key === 'name' || contact.fields[spec.key]?.value)
            .map((spec) => (
              <div key={spec.key} style={{ display: 'flex', gap: 12 }}>
                <span className="heng-quiet" style={{ width: 72, flex: 'none' }}>
                  {inLang(lang, spec)}
                </span>
                {spec.key === 'name' && !contact.fields[spec.key] ? (
                  <span className="heng-quiet">{t('client.contact.unnamed')}</span>
                ) : (
                  <FieldShown
                    client={client.id}
                    spec={spec}
                    field={contact.fields[spec.key]}
                    item={contact.id}
                  />
                )}
              </div>
            ))}
        </div>
      ))}
    </div>
  );
}

export function OverviewTab({ client, fields, goTo }: Props) {
  const { t } = useLang();
  return (
    <div className="heng-grid heng-cols-2" style={{ alignItems: 'start' }}>
      <div className="heng-grid">
        <Card title={t('client.findings')} size="small">
          {client.findings.length > 0 ? (
            <FindingList findings={client.findings} fields={fields} />
          ) : (
            <Nothing text={t('client.nofindings')} />
          )}
        </Card>
        <Card title={t('client.completeness')} size="small">
          <Completeness client={client} goTo={goTo} />
        </Card>
      </div>
      <div className="heng-grid">
        <Card title={t('client.contacts')} size="small">
          <Contacts client={client} fields={fields} />
        </Card>
        <Card title={t('client.computed')} size="small">
          <ComputedList client={client} />
        </Card>
      </div>
    </div>
  );
}
