/** Walking a list by cursor: the server names only the next page, the way back is kept here. */
import { useRef } from 'react';

export interface Walk {
  first: boolean;
  toFirst: () => void;
  toPrevious: () => void;
  toNext: (cursor: string) => void;
}

/** `go` changes the cursor in the address; undefined is the first page. */
export function useWalk(
  cursor: string | undefined,
  go: (cursor: string | undefined) => void,
): Walk {
  const trail = useRef<(string | undefined)[]>([]);
  return {
    first: !cursor,
    toFirst: () => {
      trail.current = [];
      go(undefined);
    },
    toPrevious: () => go(trail.current.pop()),
    toNext: (next) => {
      trail.current.push(cursor);
      go(next);
    },
  };
}
