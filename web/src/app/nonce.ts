/** Every style element of this app carries the nonce that the policy asks for. */

/**
 * Ant Design passes the nonce to its own styles, but a few of its parts (the scroll lock under
 * dialogs, the measure of scroll bars) write style elements without it. Only scripts of this app
 * run at all, so giving the nonce to each style element opens nothing.
 */
export function giveNonce(nonce: string): void {
  if (!nonce) return;
  const create = document.createElement.bind(document) as (
    name: string,
    options?: ElementCreationOptions,
  ) => HTMLElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (name.toLowerCase() === 'style') element.setAttribute('nonce', nonce);
    return element;
  }) as typeof document.createElement;
}
