/** Reading and changing statements. Figures are never kept longer than their page is open. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Query } from '@/api/client';
import * as api from '@/api/statements';
import type { SetAt } from '@/api/statements';
import type { Standard } from '@/api/statementShapes';

export const useSets = (client: string) =>
  useQuery({
    queryKey: ['statements', client],
    queryFn: () => api.listSets(client),
    retry: false,
  });

export const useSet = (at: SetAt, revision?: number, enabled = true) =>
  useQuery({
    queryKey: ['statements', at.client, at.kind, at.period, revision ?? 0],
    queryFn: () => api.readSet(at, revision),
    gcTime: 0,
    retry: false,
    enabled,
  });

export const useRevisions = (at: SetAt, enabled: boolean) =>
  useQuery({
    queryKey: ['statements', at.client, at.kind, at.period, 'revisions'],
    queryFn: () => api.listRevisions(at),
    enabled,
  });

export const useChart = (standard: Standard) =>
  useQuery({
    queryKey: ['statement-chart', standard],
    queryFn: () => api.readChart(standard),
    staleTime: Infinity,
  });

export const useRules = (enabled = true) =>
  useQuery({
    queryKey: ['statement-rules'],
    queryFn: api.listRules,
    staleTime: 60_000,
    enabled,
  });

export const useOutcomes = (query: Query) =>
  useQuery({
    queryKey: ['statement-outcomes', query],
    queryFn: ({ signal }) => api.listOutcomes(query, signal),
    placeholderData: keepPreviousData,
  });

export const useAccuracy = (query: Query) =>
  useQuery({
    queryKey: ['statement-accuracy', query],
    queryFn: ({ signal }) => api.readAccuracy(query, signal),
    placeholderData: keepPreviousData,
  });

export const useAnalysis = (client: string, period: string | undefined) =>
  useQuery({
    queryKey: ['statements', client, 'analysis', period ?? ''],
    queryFn: () => api.readAnalysis(client, period),
    gcTime: 0,
    retry: false,
  });

export const useReadiness = (client: string) =>
  useQuery({
    queryKey: ['statements', client, 'readiness'],
    queryFn: () => api.readReadiness(client),
    gcTime: 0,
    retry: false,
  });

/** What must be read again after figures or their state changed. */
export function useFiguresChanged() {
  const queries = useQueryClient();
  return (client: string) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['statements', client] }),
      queries.invalidateQueries({ queryKey: ['statement-outcomes'] }),
      queries.invalidateQueries({ queryKey: ['statement-accuracy'] }),
    ]);
}

export function useSaveSet() {
  const changed = useFiguresChanged();
  return useMutation({
    mutationFn: api.saveSet,
    // Not awaited: the page leaves first, with nothing unsaved on it.
    onSuccess: (_row, save) => void changed(save.at.client),
  });
}

export function useAdvance() {
  const changed = useFiguresChanged();
  return useMutation({
    mutationFn: api.advanceSet,
    onSettled: (_row, _error, order) => changed(order.at.client),
  });
}

export function useAccept() {
  const changed = useFiguresChanged();
  return useMutation({
    mutationFn: api.acceptException,
    onSuccess: (_row, order) => changed(order.at.client),
  });
}

export function useUpload() {
  return useMutation({ mutationFn: api.uploadWorkbook });
}

export function useConfirm() {
  const changed = useFiguresChanged();
  return useMutation({
    mutationFn: api.confirmWorkbook,
    onSuccess: (_rows, order) => changed(order.client),
  });
}

export function useChangeRule() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.changeRule,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['statement-rules'] }),
  });
}
