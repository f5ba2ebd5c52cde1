/** Imports: the list, one run with its progress, the steps. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import * as api from '@/api/imports';
import type { ImportMode } from '@/api/shapes';

export const useImports = () => useQuery({ queryKey: ['imports'], queryFn: api.listImports });

/** One import; asked again every second while the server works on it. */
export const useImport = (id: string) =>
  useQuery({
    queryKey: ['imports', id],
    queryFn: () => api.readImport(id),
    refetchInterval: ({ state }) =>
      state.data?.state === 'checking' || state.data?.state === 'running' ? 1000 : false,
  });

/** What was left out of the rows of an import, page by page. */
export const useNotes = (id: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: ['imports', id, 'notes'],
    queryFn: ({ pageParam }) => api.listNotes(id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    enabled,
  });

function useStep<V>(work: (value: V) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['imports'] });
      await queries.invalidateQueries({ queryKey: ['clients'] });
      await queries.invalidateQueries({ queryKey: ['overview'] });
    },
  });
}

export function useUpload() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.uploadImport,
    onSuccess: (upload) => queries.setQueryData(['upload', upload.id], upload),
  });
}

interface Check {
  id: string;
  mode: ImportMode;
  stage: string;
  mapping: Record<string, string>;
}

export const useCheck = () =>
  useStep(({ id, ...asked }: Check) => api.checkImport(id, asked));
export const useRun = () => useStep((id: string) => api.runImport(id));
export const useCancel = () => useStep((id: string) => api.cancelImport(id));
export const useUndo = () => useStep((id: string) => api.undoImport(id));
