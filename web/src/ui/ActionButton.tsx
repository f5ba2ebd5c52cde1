/** A button that is disabled with its reason rather than hidden. */
import { Button, Tooltip } from 'antd';
import type { ButtonProps } from 'antd';

interface Props extends Omit<ButtonProps, 'disabled'> {
  allowed?: boolean | undefined;
  reason?: string | null | undefined;
}

export function ActionButton({ allowed = true, reason, ...button }: Props) {
  if (allowed) return <Button {...button} />;
  return (
    <Tooltip title={reason || undefined}>
      <span style={{ display: 'inline-block' }}>
        <Button {...button} disabled />
      </span>
    </Tooltip>
  );
}
