/** Quick look at a client from the list, with ←/→ to its neighbours. */
import { ExportOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Descriptions, Drawer, Tooltip } from 'antd';
import { useEffect } from 'react';
import type { ClientRow, ClientView, FieldSpec } from '@/api/shapes';
import { inLang, useLang } from '@/i18n/lang';
import { composing } from '@/ui/ime';
import { useNarrow } from '@/ui/narrow';
import { Loaded, Nothing } from '@/ui/problems';
import { ClientHead } from './ClientHead';
import { FieldShown } from './FieldShown';
import { FindingList } from './OverviewTab';
import { useClient, useFields } from './queries';

interface Props {
  id: string | undefined;
  rows: ClientRow[];
  show: (id: string) => void;
  close: () => void;
}

const inText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function Facts({ client, fields }: { client: ClientView; fields: FieldSpec[] }) {
  const { lang, t } = useLang();
  const filled = fields.filter((field) => {
    const value = client.fields[field.key]?.value;
    return !field.list && field.key !== 'name' && value !== null && value !== undefined;
  });
  if (filled.length === 0) return <Nothing text={t('client.nofacts')} />;
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, sm: 2 }}
      items={filled.map((field) => ({
        key: field.key,
        label: inLang(lang, field),
        span: field.kind === 'long' ? 2 : 1,
        children: (
          <FieldShown
            client={client.id}
            spec={field}
            field={client.fields[field.key]}
            currency={client.fields['capital_currency']?.value}
          />
        ),
      }))}
    />
  );
}

function Inside({ id }: { id: string }) {
  const client = useClient(id);
  const fields = useFields();
  return (
    <Loaded query={client}>
      {(view) => (
        <>
          <ClientHead client={view} fields={fields.data ?? []} />
          {view.findings.length > 0 && (
            <section className="heng-panel heng-panel-pad" style={{ marginBottom: 12 }}>
              <FindingList findings={view.findings} fields={fields.data ?? []} />
            </section>
          )}
          <section className="heng-panel heng-panel-pad">
            <Loaded query={fields}>{(specs) => <Facts client={view} fields={specs} />}</Loaded>
          </section>
        </>
      )}
    </Loaded>
  );
}

export function ClientDrawer({ id, rows, show, close }: Props) {
  const { t } = useLang();
  const narrow = useNarrow();
  const at = rows.findIndex((row) => row.id === id);
  const before = at > 0 ? rows[at - 1]?.id : undefined;
  const after = at >= 0 ? rows[at + 1]?.id : undefined;
  useEffect(() => {
    if (!id) return;
    const listen = (event: KeyboardEvent) => {
      if (composing(event) || inText(event.target) || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('.ant-modal-wrap:not([style*="display: none"])')) return;
      if (event.key === 'ArrowLeft' && before) show(before);
      if (event.key === 'ArrowRight' && after) show(after);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [id, before, after, show]);
  return (
    <Drawer
      open={Boolean(id)}
      size={narrow ? '100%' : 840}
      title={t('client.quick')}
      onClose={close}
      mask={false}
      styles={{ body: { padding: 12, background: '#f4f6f9' } }}
      extra={
        <span className="heng-toolbar">
          <Tooltip title={`${t('client.before')} (←)`}>
            <Button
              size="small"
              icon={<LeftOutlined />}
              disabled={!before}
              aria-label={t('client.before')}
              onClick={() => before && show(before)}
            />
          </Tooltip>
          <Tooltip title={`${t('client.after')} (→)`}>
            <Button
              size="small"
              icon={<RightOutlined />}
              disabled={!after}
              aria-label={t('client.after')}
              onClick={() => after && show(after)}
            />
          </Tooltip>
          {id && (
            <Link to="/clients/$id" params={{ id }}>
              <Button size="small" type="primary" icon={<ExportOutlined />} tabIndex={-1}>
                {t('client.full')}
              </Button>
            </Link>
          )}
        </span>
      }
    >
      {id && <Inside id={id} key={id} />}
    </Drawer>
  );
}
