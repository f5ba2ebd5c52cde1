/** One's own subscription: make, copy once, end. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Popconfirm } from 'antd';
import { makeFeed, readFeed, revokeFeed } from '@/api/calendar';
import { formatInstant } from '@/format/time';
import { useT } from '@/i18n/lang';
import { CopyText } from '@/ui/CopyText';
import { useNotify } from '@/ui/notify';
import { Loaded, ProblemAlert } from '@/ui/problems';
import { useProof } from '@/ui/Proof';

export function FeedTab() {
  const t = useT();
  const notify = useNotify();
  const queries = useQueryClient();
  const feed = useQuery({ queryKey: ['calendar', 'feed'], queryFn: readFeed });
  const again = () => queries.invalidateQueries({ queryKey: ['calendar', 'feed'] });
  const withProof = useProof();
  const make = useMutation({ mutationFn: () => withProof(makeFeed), onSuccess: again });
  const revoke = useMutation({
    mutationFn: revokeFeed,
    onSuccess: async () => {
      make.reset();
      notify.good(t('calendar.feed.revoked'));
      await again();
    },
  });
  return (
    <Card size="small" style={{ maxWidth: 720 }}>
      <p>{t('calendar.feed.about')}</p>
      <ProblemAlert error={make.error ?? revoke.error} />
      {make.data?.url && (
        <Alert
          type="success"
          showIcon
          style={{ marginBottom: 12 }}
          title={t('calendar.feed.once')}
          description={<CopyText text={make.data.url} />}
        />
      )}
      <Loaded query={feed} rows={1}>
        {(value) => (
          <>
            <p className="heng-quiet">
              {value.active
                ? t('calendar.feed.made', { at: formatInstant(value.made_at ?? '') })
                : t('calendar.feed.none')}
              {value.active &&
                ` · ${
                  value.fetched_at
                    ? t('calendar.feed.fetched', { at: formatInstant(value.fetched_at) })
                    : t('calendar.feed.unfetched')
                }`}
              {value.ends_at &&
                ` · ${t('calendar.feed.ends', { at: formatInstant(value.ends_at) })}`}
            </p>
            <div className="heng-toolbar">
              {value.active ? (
                <>
                  <Popconfirm
                    title={t('calendar.feed.again.about')}
                    onConfirm={() => make.mutate()}
                  >
                    <Button loading={make.isPending}>{t('calendar.feed.again')}</Button>
                  </Popconfirm>
                  <Button danger loading={revoke.isPending} onClick={() => revoke.mutate()}>
                    {t('calendar.feed.revoke')}
                  </Button>
                </>
              ) : (
                <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
                  {t('calendar.feed.make')}
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </Card>
  );
}
