/** The requests for unmasked exports that concern the person, and what waits among them. */
import { useQuery } from '@tanstack/react-query';
import { listExportRequests } from '@/api/clients';
import type { Todo } from '@/api/shapes';
import { useCan } from './me';
import { RIGHTS } from './rights';

/** Whether requests concern the person at all. */
export function useMayExports(): boolean {
  const can = useCan();
  return can(RIGHTS.requestExport) || can(RIGHTS.approveExport);
}

export const useExportRequests = () =>
  useQuery({
    queryKey: ['exports'],
    queryFn: listExportRequests,
    enabled: useMayExports(),
    staleTime: 60_000,
  });

/** What waits for this person: requests to decide, files to take. */
export function useExportTodos(): Todo[] {
  const requests = useExportRequests().data ?? [];
  const todo = (code: string, count: number): Todo[] =>
    count > 0 ? [{ id: code, code, count, href: '/exports' }] : [];
  return [
    ...todo('exports_to_approve', requests.filter((one) => one.may_decide).length),
    ...todo('exports_to_take', requests.filter((one) => one.may_take).length),
  ];
}
