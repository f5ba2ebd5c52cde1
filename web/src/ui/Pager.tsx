/** 上一页 / 下一页 by cursor, with the count. */
import { Button, Select } from 'antd';
import { useT } from '@/i18n/lang';
import { formatTotal } from '@/format/text';

interface Props {
  total: { count: number; capped: boolean } | undefined;
  limit: number;
  setLimit: (limit: number) => void;
  first: boolean;
  next: string | null | undefined;
  onFirst: () => void;
  onPrevious: () => void;
  onNext: (cursor: string) => void;
  onExact?: () => void;
}

export function Pager(props: Props) {
  const t = useT();
  const { total, next } = props;
  return (
    <>
      <span className="heng-grow heng-quiet">
        {total && t('pager.total', { count: formatTotal(total, t('pager.wan')) })}
        {total?.capped && props.onExact && (
          <Button type="link" size="small" onClick={props.onExact}>{t('pager.exact')}</Button>
        )}
      </span>
      <Select
        size="small"
        value={props.limit}
        onChange={props.setLimit}
        aria-label={t('pager.size')}
        options={[20, 50, 100].map((value) => ({
          value,
          label: t('pager.per', { count: value }),
        }))}
      />
      {!props.first && (
        <Button size="small" type="text" onClick={props.onFirst}>{t('pager.first')}</Button>
      )}
      <Button size="small" disabled={props.first} onClick={props.onPrevious}>
        {t('pager.previous')}
      </Button>
      <Button size="small" disabled={!next} onClick={() => next && props.onNext(next)}>
        {t('pager.next')}
      </Button>
    </>
  );
}
