/** The requests for unmasked exports that concern the person, and what waits among them. */
import { useQuery } from '@tanstack/react-query';
import { listExportRequests, readOverview } from '@/api/clients';
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

/** What waits for this person among the to-dos: requests to decide, files to take. */
export function useExportTodos(): Todo[] {
  const can = useCan();
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: readOverview,
    enabled: can(RIGHTS.showOverview),
    staleTime: 60_000,
  });
  return (overview.data?.todos ?? []).filter((todo) => todo.href === '/exports');
}
