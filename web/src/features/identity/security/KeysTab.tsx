/** The keys of the firm: where the master key lives, the data keys, rotation. */
import { SyncOutlined } from '@ant-design/icons';
import { Alert, App, Card, Descriptions, Progress, Table } from 'antd';
import { useCan } from '@/access/me';
import { RIGHTS } from '@/access/rights';
import type { KeyStatus } from '@/api/shapes';
import { formatCount, percent } from '@/format/text';
import { formatInstant } from '@/format/time';
import { inLang, useLang, useT, wordOr } from '@/i18n/lang';
import { ActionButton } from '@/ui/ActionButton';
import { useNotify } from '@/ui/notify';
import { Loaded } from '@/ui/problems';
import { LevelTag } from '@/ui/tags';
import { useKeys, useRotateKeys } from '../queries';

function Warnings({ keys }: { keys: KeyStatus }) {
  const { lang, t } = useLang();
  if (keys.warnings && keys.warnings.length > 0) {
    return (
      <>
        {keys.warnings.map((one) => (
          <Alert key={one.zh} type="warning" showIcon title={inLang(lang, one)} />
        ))}
      </>
    );
  }
  return (
    <>
      {keys.master.beside_store && (
        <Alert
          type="warning"
          showIcon
          title={t('keys.beside')}
          description={t('keys.beside.about')}
        />
      )}
      {!keys.master.recovery_confirmed && (
        <Alert
          type="error"
          showIcon
          title={t('keys.norecovery')}
          description={t('keys.norecovery.about')}
        />
      )}
    </>
  );
}

/** `file:/path`: the kind in words, then where. */
function Source({ text }: { text: string }) {
  const t = useT();
  const [kind = '', ...rest] = text.split(':');
  const where = rest.join(':');
  return (
    <span className="heng-wrap">
      {wordOr(t, 'source', kind)}
      {where && <span className="heng-code heng-quiet"> {where}</span>}
    </span>
  );
}

function Inside({ keys }: { keys: KeyStatus }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const { modal } = App.useApp();
  const rotate = useRotateKeys();
  const { running, done, total } = keys.rotation;
  const confirm = () =>
    modal.confirm({
      title: t('keys.rotate.title'),
      content: t('keys.rotate.about'),
      okText: t('keys.rotate'),
      onOk: () => rotate.mutateAsync(undefined).then(() => undefined, notify.bad),
    });
  return (
    <div className="heng-grid">
      <Warnings keys={keys} />
      <Card
        title={t('keys.master')}
        size="small"
        extra={
          <ActionButton
            icon={<SyncOutlined />}
            loading={rotate.isPending}
            allowed={can(RIGHTS.rotateKeys) && !running}
            reason={running ? t('keys.running') : t('page.403.missing') + RIGHTS.rotateKeys}
            onClick={confirm}
          >
            {t('keys.rotate')}
          </ActionButton>
        }
      >
        <Descriptions
          size="small"
          column={{ xs: 1, sm: 2, lg: 3 }}
          items={[
            { key: 'a', label: t('keys.algorithm'), children: keys.algorithm },
            {
              key: 's',
              label: t('keys.source'),
              children: <Source text={keys.master.source} />,
            },
            {
              key: 'r',
              label: t('keys.recovery'),
              children: t(keys.master.recovery_confirmed ? 'word.yes' : 'word.no'),
            },
          ]}
        />
        {(running || total > 0) && (
          <div style={{ maxWidth: 560, marginTop: 8 }}>
            <div>{running ? t('keys.running') : t('keys.ran')}</div>
            <Progress
              aria-label={t('keys.rotate')}
              percent={percent(done, total)}
              status={running ? 'active' : 'success'}
              format={() => `${formatCount(done)} / ${formatCount(total)}`}
            />
          </div>
        )}
      </Card>
      <Card title={t('keys.levels')} size="small" styles={{ body: { padding: 0 } }}>
        <Table<KeyStatus['levels'][number]>
          size="small"
          pagination={false}
          rowKey={(row) => `${row.level}${row.key_id}`}
          dataSource={keys.levels}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              key: 'level',
              title: t('catalogue.level'),
              render: (_: unknown, row) => <LevelTag level={row.level} />,
            },
            {
              key: 'id',
              title: t('keys.id'),
              render: (_: unknown, row) => <span className="heng-code">{row.key_id}</span>,
            },
            {
              key: 'at',
              title: t('keys.made'),
              render: (_: unknown, row) => (
                <span className="heng-num">{formatInstant(row.created_at)}</span>
              ),
            },
            {
              key: 'values',
              title: t('keys.values'),
              align: 'end',
              render: (_: unknown, row) => (
                <span className="heng-num">{formatCount(row.values)}</span>
              ),
            },
          ]}
        />
      </Card>
    </div>
  );
}

export function KeysTab() {
  const keys = useKeys(true);
  return <Loaded query={keys}>{(status) => <Inside keys={status} />}</Loaded>;
}
