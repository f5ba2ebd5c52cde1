/** A page that needs a right: without it, 403 with the right's name. */
import type { ReactNode } from 'react';
import { useCan } from '@/access/me';
import type { Right } from '@/access/rights';
import { Forbidden } from '@/ui/problems';

export function Guard({ right, children }: { right: Right; children: ReactNode }) {
  const can = useCan();
  return can(right) ? <>{children}</> : <Forbidden right={right} />;
}
