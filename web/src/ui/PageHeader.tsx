/** Title, one line of explanation and the actions of a page. */
import { Typography } from 'antd';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { useT } from '@/i18n/lang';

interface Props {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
}

/** Sets the title of the browser tab. */
export function useTitle(title: string): void {
  const t = useT();
  const product = t('app.name');
  useEffect(() => {
    document.title = title ? `${title} · ${product}` : product;
  }, [title, product]);
}

export function PageHeader({ title, about, actions }: Props) {
  useTitle(title);
  return (
    <div className="heng-toolbar" style={{ marginBottom: 12, minHeight: 32 }}>
      <div className="heng-grow" style={{ minWidth: 0 }}>
        <Typography.Title level={1} style={{ fontSize: 19, margin: 0, lineHeight: '28px' }}>
          {title}
        </Typography.Title>
        {about && <div className="heng-quiet">{about}</div>}
      </div>
      {actions && <div className="heng-toolbar">{actions}</div>}
    </div>
  );
}
