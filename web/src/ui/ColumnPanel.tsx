/** 列设置: order, show, freeze, reset. */
import { ArrowDownOutlined, ArrowUpOutlined, HolderOutlined } from '@ant-design/icons';
import { PushpinFilled, PushpinOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Divider, Popover, Tooltip } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useT } from '@/i18n/lang';
import { move, toggle } from './columns';
import type { ColumnInfo, ColumnSettings } from './columns';

interface Props {
  columns: (ColumnInfo & { title: ReactNode })[];
  settings: ColumnSettings;
  change: (settings: ColumnSettings | null) => void;
}

export function ColumnPanel({ columns, settings, change }: Props) {
  const t = useT();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const step = (key: string, by: number) => {
    const to = settings.order[settings.order.indexOf(key) + by];
    if (to) change(move(settings, key, to));
  };
  const list = settings.order.map((key) => {
    const column = byKey.get(key);
    if (!column) return null;
    const frozen = settings.frozen.includes(key);
    return (
      <div
        key={key}
        className="heng-drag"
        draggable
        data-over={over === key && dragged !== key}
        onDragStart={() => setDragged(key)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(key);
        }}
        onDragEnd={() => {
          setDragged(null);
          setOver(null);
        }}
        onDrop={() => dragged && change(move(settings, dragged, key))}
      >
        <HolderOutlined className="heng-quiet" style={{ cursor: 'grab' }} />
        <Checkbox
          className="heng-grow"
          checked={!settings.hidden.includes(key)}
          disabled={column.fixed}
          onChange={() => change(toggle(settings, 'hidden', key))}
        >
          {column.title}
        </Checkbox>
        <Button
          type="text"
          size="small"
          icon={<ArrowUpOutlined />}
          aria-label={t('columns.up')}
          onClick={() => step(key, -1)}
        />
        <Button
          type="text"
          size="small"
          icon={<ArrowDownOutlined />}
          aria-label={t('columns.down')}
          onClick={() => step(key, 1)}
        />
        <Tooltip title={frozen ? t('columns.unfreeze') : t('columns.freeze')}>
          <Button
            type="text"
            size="small"
            aria-pressed={frozen}
            aria-label={t('columns.freeze')}
            icon={frozen ? <PushpinFilled style={{ color: '#1366e0' }} /> : <PushpinOutlined />}
            onClick={() => change(toggle(settings, 'frozen', key))}
          />
        </Tooltip>
      </div>
    );
  });
  const content = (
    <div style={{ width: 280 }}>
      <div className="heng-toolbar">
        <strong className="heng-grow">{t('columns.title')}</strong>
        <Button type="link" size="small" onClick={() => change(null)}>
          {t('action.reset')}
        </Button>
      </div>
      <Divider style={{ margin: '8px 0' }} />
      <div style={{ maxHeight: 380, overflowY: 'auto' }}>{list}</div>
    </div>
  );
  return (
    <Popover content={content} trigger="click" placement="bottomRight">
      <Button type="text" icon={<SettingOutlined />} aria-label={t('columns.title')} />
    </Popover>
  );
}
