/** A text with a button that copies it. */
import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import { useT } from '@/i18n/lang';

interface Props {
  text: string;
  shown?: string;
  code?: boolean;
}

export function CopyText({ text, shown, code = false }: Props) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 2, maxWidth: '100%' }}>
      <span className={code ? 'heng-code heng-wrap' : 'heng-wrap'}>{shown ?? text}</span>
      <Tooltip title={copied ? t('action.copied') : t('action.copy')}>
        <Button
          type="text"
          size="small"
          aria-label={`${t('action.copy')} ${text}`}
          icon={copied ? <CheckOutlined style={{ color: '#2b7a0b' }} /> : <CopyOutlined />}
          onClick={copy}
          className="heng-quiet"
        />
      </Tooltip>
    </span>
  );
}
