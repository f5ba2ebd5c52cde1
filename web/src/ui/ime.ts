/** Keys that belong to an input method must not act as commands. */

interface KeyLike {
  key: string;
  keyCode?: number;
  isComposing?: boolean;
  nativeEvent?: { isComposing?: boolean; keyCode?: number };
}

/** Whether the key is being used by an input method (Chinese, Japanese …). */
export function composing(event: KeyLike): boolean {
  const native = event.nativeEvent;
  if (event.isComposing || native?.isComposing) return true;
  return event.keyCode === 229 || native?.keyCode === 229;
}

/** Runs an action on Enter, unless the Enter only chooses a word. */
export function onEnter<E extends KeyLike>(action: (event: E) => void): (event: E) => void {
  return (event) => {
    if (event.key === 'Enter' && !composing(event)) action(event);
  };
}
