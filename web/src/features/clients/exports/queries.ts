/** Requests for unmasked exports: asking, deciding, taking the file. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import * as api from '@/api/clients';
import type { Query } from '@/api/client';
import type { Plain } from '@/api/shapes';
import { useProof } from '@/ui/Proof';

/** The filters of an address as the body of a request has them. */
export function filtersOf(query: Query): Record<string, Plain> {
  const filters: Record<string, Plain> = {};
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    if (key === 'cursor' || key === 'count' || key === 'limit') continue;
    if (key === 'findings') filters[key] = String(value) === 'true';
    else if (key === 'completeness_max') filters[key] = Number(value);
    else filters[key] = value;
  }
  return filters;
}

/** A step that may need a fresh proof, after which the requests are read again. */
function useStep<V, R>(work: (value: V) => Promise<R>) {
  const queries = useQueryClient();
  const withProof = useProof();
  return useMutation({
    mutationFn: (value: V) => withProof(() => work(value)),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['exports'] }),
        queries.invalidateQueries({ queryKey: ['overview'] }),
      ]),
  });
}

export const useRequestExport = () => useStep(api.requestExport);
export const useDecideExport = () =>
  useStep(({ id, approve }: { id: string; approve: boolean }) => api.decideExport(id, approve));
export const useTakeExport = () =>
  useStep(({ id, format }: { id: string; format: 'xlsx' | 'csv' }) => api.takeExport(id, format));
