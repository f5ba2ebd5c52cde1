/** People, roles, departments, and what belongs to one's own account. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import * as api from '@/api/identity';
import type { UserDraft } from '@/api/shapes';
import { useProof } from '@/ui/Proof';

export const useUsers = (q: string) =>
  useQuery({ queryKey: ['users', q], queryFn: () => api.listUsers(q || undefined) });
export const useRoles = () =>
  useQuery({ queryKey: ['roles'], queryFn: api.listRoles, staleTime: 300_000 });
export const useDepartments = () =>
  useQuery({ queryKey: ['departments'], queryFn: api.listDepartments });
export const useSessions = (all: boolean) =>
  useQuery({ queryKey: ['sessions', all], queryFn: () => api.listSessions(all) });
export const useTokens = () => useQuery({ queryKey: ['tokens'], queryFn: api.listTokens });

export const useKeys = (enabled: boolean) =>
  useQuery({
    queryKey: ['keys'],
    queryFn: api.readKeys,
    enabled,
    refetchInterval: ({ state }) => (state.data?.rotation.running ? 1500 : false),
  });

/** A change that may need a fresh proof, and what must be read again after it. */
function useChange<V, R>(key: string, work: (value: V) => Promise<R>) {
  const queries = useQueryClient();
  const withProof = useProof();
  return useMutation({
    mutationFn: (value: V) => withProof(() => work(value)),
    onSuccess: () => queries.invalidateQueries({ queryKey: [key] }),
  });
}

export const useSaveUser = () =>
  useChange('users', ({ id, draft }: { id: string | null; draft: Partial<UserDraft> }) =>
    id ? api.updateUser(id, draft) : api.createUser(draft),
  );
export const useDisable = () => useChange('users', (id: string) => api.disableUser(id));
export const useEnable = () => useChange('users', (id: string) => api.enableUser(id));
export const useResetLink = () => useChange('users', (id: string) => api.resetLink(id));
export const useApproveReset = () => useChange('users', (id: string) => api.approveReset(id));
export const useChangePassword = () => useChange('sessions', api.changePassword);
export const useImportStaff = () => useChange('users', (file: File) => api.importStaff(file));
export const useCreateDepartment = () =>
  useChange('departments', (name: string) => api.createDepartment(name));
export const useEndSession = () => useChange('sessions', (id: string) => api.endSession(id));
export const useRevokeToken = () => useChange('tokens', (id: string) => api.revokeToken(id));
export const useCreateToken = () => useChange('tokens', api.createToken);
export const useEnrolTotp = () => useChange('me', () => api.enrolTotp());
export const useConfirmTotp = () => useChange('me', (code: string) => api.confirmTotp(code));
export const useRotateKeys = () => useChange('keys', () => api.rotateKeys());
