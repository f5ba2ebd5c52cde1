/** Reading and changing the client archive. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import * as api from '@/api/clients';
import type { Query } from '@/api/client';
import type { Plain, Stage } from '@/api/shapes';

export const useClients = (query: Query) =>
  useQuery({
    queryKey: ['clients', query],
    queryFn: ({ signal }) => api.listClients(query, signal),
    placeholderData: keepPreviousData,
  });

export const useClient = (id: string, asOf?: string) =>
  useQuery({
    queryKey: ['client', id, asOf ?? ''],
    queryFn: () => api.readClient(id, asOf),
  });

export const useFields = () =>
  useQuery({
    queryKey: ['fields'],
    queryFn: api.readFields,
    staleTime: 300_000,
    select: (view) => view.fields,
  });

export const useLists = () =>
  useQuery({
    queryKey: ['fields'],
    queryFn: api.readFields,
    staleTime: 300_000,
    select: (view) => view.lists,
  });

export const useVersions = (id: string) =>
  useQuery({ queryKey: ['client', id, 'versions'], queryFn: () => api.listVersions(id) });

export const useViewers = (id: string) =>
  useQuery({ queryKey: ['client', id, 'record'], queryFn: () => api.listViewers(id) });

export const useViews = () =>
  useQuery({ queryKey: ['views'], queryFn: api.listViews, retry: false, staleTime: 300_000 });

export const useSimilar = (query: { name?: string; uscc?: string }) =>
  useQuery({
    queryKey: ['similar', query],
    queryFn: ({ signal }) => api.similarClients(query, signal),
    enabled: Boolean((query.name && query.name.length >= 2) || query.uscc),
    placeholderData: keepPreviousData,
  });

/** What must be read again after a client changed. */
export function useClientChanged() {
  const queries = useQueryClient();
  return async (id?: string) => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['clients'] }),
      queries.invalidateQueries({ queryKey: ['overview'] }),
      ...(id ? [queries.invalidateQueries({ queryKey: ['client', id] })] : []),
    ]);
  };
}

export function useCreateClient() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: (draft: { fields: Record<string, Plain>; key: string }) =>
      api.createClient(draft.fields, draft.key),
    onSuccess: () => changed(),
  });
}

export function useUpdateClient() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: api.updateClient,
    onSuccess: (_view, edit) => changed(edit.id),
  });
}

export function useSaveItem() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: api.saveItem,
    onSuccess: (_answer, edit) => changed(edit.id),
  });
}

export function useRemoveItem() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: (item: { id: string; version: number; list: string; item: string; why: string }) =>
      api.removeItem(item.id, item.version, item.list, item.item, item.why),
    onSuccess: (_answer, item) => changed(item.id),
  });
}

export function useChangeStage() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: (step: { id: string; version: number; to: Stage; why: string }) =>
      api.changeStage(step.id, step.version, step.to, step.why),
    onSuccess: (_answer, step) => changed(step.id),
  });
}

export function useAssign() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: (order: { id: string; version: number; body: api.Assignment }) =>
      api.assignClient(order.id, order.version, order.body),
    onSuccess: (_answer, order) => changed(order.id),
  });
}

export function useBulk() {
  const changed = useClientChanged();
  return useMutation({ mutationFn: api.bulk, onSuccess: () => changed() });
}

/** Two clients side by side; never from a store, because it is what a merge is decided on. */
export const useMergePreview = (from: string, into: string | undefined) =>
  useQuery({
    queryKey: ['merge', from, into],
    queryFn: ({ signal }) => api.previewMerge(from, into ?? '', signal),
    enabled: Boolean(into),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export function useMerge() {
  const changed = useClientChanged();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.mergeClients,
    onSuccess: (_view, order) => {
      const gone = { queryKey: ['client', order.from], refetchType: 'none' as const };
      void queries.invalidateQueries(gone);
      return changed(order.into);
    },
  });
}

export function useRecycle() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: (client: { id: string; version: number }) =>
      api.recycleClient(client.id, client.version),
    onSuccess: () => changed(),
  });
}

export function useHold() {
  const changed = useClientChanged();
  return useMutation({
    mutationFn: (order: { id: string; step: 'hold' | 'release' | 'removal'; why: string }) =>
      api.stepHold(order.id, order.step, order.why),
    onSuccess: (removed, order) => changed(removed ? undefined : order.id),
  });
}

export function useSaveView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.saveView,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['views'] }),
  });
}

export function useRemoveView() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.removeView,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['views'] }),
  });
}
