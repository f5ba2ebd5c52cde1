/** 工作台: numbers, to-dos, recent clients, data quality. */
import { BankOutlined, ExclamationCircleOutlined } from '@ant-design/icons';
import { FileDoneOutlined, UserAddOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge, Card, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useCan, useMe } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import { readOverview } from '@/api/clients';
import type { Overview, Todo } from '@/api/shapes';
import { formatCount } from '@/format/text';
import { formatInstant } from '@/format/time';
import { inLang, isWord, useLang } from '@/i18n/lang';
import { PageHeader } from '@/ui/PageHeader';
import { Loaded, Nothing } from '@/ui/problems';
import { PercentBar, StageTag } from '@/ui/tags';

interface NumberProps {
  label: string;
  about: string;
  value: number | undefined;
  icon: ReactNode;
  search?: Record<string, string>;
  warn?: boolean;
}

function NumberCard({ label, about, value, icon, search = {}, warn = false }: NumberProps) {
  const colour = warn && value ? '#ad5200' : '#1d2433';
  return (
    <Link
      to="/clients"
      search={search}
      className="heng-panel heng-panel-pad"
      style={{ display: 'block', color: 'inherit' }}
    >
      <div className="heng-quiet" style={{ display: 'flex', justifyContent: 'space-between' }}>
        <span>{label}</span>
        <span style={{ fontSize: 16 }}>{icon}</span>
      </div>
      {value === undefined ? (
        <Skeleton.Button active size="small" style={{ marginTop: 6 }} />
      ) : (
        <div className="heng-num" style={{ fontSize: 26, lineHeight: '38px', color: colour }}>
          {formatCount(value)}
        </div>
      )}
      <div className="heng-quiet" style={{ fontSize: 13 }}>{about}</div>
    </Link>
  );
}

function TodoLine({ todo }: { todo: Todo }) {
  const { lang, t } = useLang();
  const word = todo.code ? `todo.${todo.code}` : '';
  const text = inLang(lang, todo) || todo.title || (isWord(word) ? t(word) : (todo.code ?? ''));
  const line = (
    <span className="heng-toolbar" style={{ flexWrap: 'nowrap' }}>
      <Badge status="processing" />
      <span className="heng-grow heng-wrap">{text}</span>
      {todo.count !== undefined && <strong className="heng-num">{formatCount(todo.count)}</strong>}
      {todo.due && <span className="heng-quiet heng-num">{todo.due}</span>}
    </span>
  );
  const style = { display: 'block', padding: '9px 0', color: 'inherit' };
  if (todo.client_id) {
    return (
      <Link to="/clients/$id" params={{ id: todo.client_id }} style={style}>{line}</Link>
    );
  }
  return todo.href?.startsWith('/') && !todo.href.startsWith('//') ? (
    <Link to={todo.href} style={style}>{line}</Link>
  ) : (
    <div style={style}>{line}</div>
  );
}

function Quality({ quality }: { quality: Overview['quality'] }) {
  const { lang, t } = useLang();
  const most = Math.max(1, ...quality.map((one) => one.count));
  if (quality.length === 0) return <Nothing text={t('client.nofindings')} />;
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {quality.map((one) => (
        <div key={one.code}>
          <div style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
            <span className="heng-wrap">{inLang(lang, one)}</span>
            <span className="heng-num">{formatCount(one.count)}</span>
          </div>
          <div className="heng-bar" style={{ marginTop: 4 }} aria-hidden>
            <i style={{ width: `${(one.count / most) * 100}%`, background: '#91b8f5' }} />
          </div>
        </div>
      ))}
    </div>
  );
}

function Recent({ recent }: { recent: Overview['recent'] }) {
  const { t } = useLang();
  if (recent.length === 0) return <Nothing text={t('overview.norecent')} />;
  return (
    <div>
      {recent.map((client) => (
        <Link
          key={client.id}
          to="/clients/$id"
          params={{ id: client.id }}
          style={{
            display: 'flex',
            gap: 12,
            alignItems: 'center',
            padding: '8px 0',
            color: 'inherit',
          }}
        >
          <span className="heng-grow" style={{ minWidth: 0 }}>
            <span
              style={{
                display: 'block',
                overflow: 'hidden',
                textOverflow: 'ellipsis',
                whiteSpace: 'nowrap',
              }}
            >
              {client.name}
            </span>
            <span className="heng-quiet" style={{ fontSize: 13 }}>
              {client.code} · {formatInstant(client.updated_at)}
            </span>
          </span>
          <StageTag stage={client.stage} />
          <PercentBar percent={client.completeness} width={40} />
        </Link>
      ))}
    </div>
  );
}

/** The first page of somebody to whom no role was given yet: what is missing and who gives it. */
function Welcome() {
  const { t } = useLang();
  const me = useMe();
  return (
    <>
      <PageHeader
        title={t('overview.hello', { name: me.display_name })}
        about={[me.firm.name, me.department?.name].filter(Boolean).join(' · ')}
      />
      <Card>
        <Nothing text={t('overview.norole')} />
      </Card>
    </>
  );
}

export function OverviewPage() {
  const can = useCan();
  return can(RIGHTS.showOverview) ? <Inside /> : <Welcome />;
}

function Inside() {
  const { t } = useLang();
  const me = useMe();
  const overview = useQuery({ queryKey: ['overview'], queryFn: readOverview });
  const cards = overview.data?.cards;
  return (
    <>
      <PageHeader
        title={t('overview.hello', { name: me.display_name })}
        about={[me.firm.name, me.department?.name].filter(Boolean).join(' · ')}
      />
      <div className="heng-grid heng-cols-4" style={{ marginBottom: 16 }}>
        <NumberCard
          label={t('overview.clients')}
          about={t('overview.clients.about')}
          value={cards?.clients}
          icon={<BankOutlined />}
        />
        <NumberCard
          label={t('overview.unassigned')}
          about={t('overview.unassigned.about')}
          value={cards?.unassigned}
          icon={<UserAddOutlined />}
          search={{ view: 'unassigned' }}
          warn
        />
        <NumberCard
          label={t('overview.incomplete')}
          about={t('overview.incomplete.about')}
          value={cards?.incomplete}
          icon={<FileDoneOutlined />}
          search={{ completeness_max: '99', sort: 'completeness' }}
        />
        <NumberCard
          label={t('overview.findings')}
          about={t('overview.findings.about')}
          value={cards?.findings}
          icon={<ExclamationCircleOutlined />}
          search={{ findings: 'true' }}
          warn
        />
      </div>
      <div className="heng-grid heng-cols-2" style={{ alignItems: 'start' }}>
        <Card title={t('todo.title')} id="todos" styles={{ body: { paddingBlock: 8 } }}>
          <Loaded query={overview} rows={4}>
            {({ todos }) =>
              todos.length === 0 ? (
                <Nothing text={t('todo.none')} />
              ) : (
                todos.map((todo, index) => (
                  <TodoLine key={todo.id ?? index} todo={todo} />
                ))
              )
            }
          </Loaded>
        </Card>
        <Card title={t('client.findings')} style={{ gridRow: 'span 2' }}>
          <Loaded query={overview} rows={6}>
            {({ quality }) => <Quality quality={quality} />}
          </Loaded>
        </Card>
        <Card
          title={t('overview.recent')}
          styles={{ body: { paddingBlock: 8 } }}
          extra={<Link to="/clients">{t('overview.all')}</Link>}
        >
          <Loaded query={overview} rows={6}>
            {({ recent }) => <Recent recent={recent} />}
          </Loaded>
        </Card>
      </div>
    </>
  );
}
