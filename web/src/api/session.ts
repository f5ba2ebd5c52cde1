/** Signing in and out, and who is signed in. */
import { call } from './client';
import type { Me } from './shapes';

export interface Credentials {
  name: string;
  password: string;
  totp?: string;
}

export const signIn = (credentials: Credentials) =>
  call<{ user: unknown }>('POST', '/session', { body: credentials });
export const signOut = () => call<void>('DELETE', '/session');
export const renewProof = (proof: { password: string; totp?: string }) =>
  call<void>('POST', '/session/renew-proof', { body: proof });
export const readMe = (signal?: AbortSignal) => call<Me>('GET', '/me', signal ? { signal } : {});
