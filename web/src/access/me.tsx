/** Who is signed in, and what the server says this person may do. */
import { createContext, useContext } from 'react';
import type { Me } from '@/api/shapes';
import type { Right } from './rights';

const MeContext = createContext<Me | null>(null);

export const MeProvider = MeContext.Provider;

/** The signed-in person; only inside the signed-in part of the app. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside MeProvider');
  return me;
}

/** Asks whether a right is held. */
export function useCan(): (right: Right) => boolean {
  const me = useMe();
  return (right) => me.permissions.includes(right);
}
