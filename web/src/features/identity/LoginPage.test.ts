/** Where signing in may lead. */
import { describe, expect, it } from 'vitest';
import { safeNext } from './LoginPage';

describe('the address after signing in', () => {
  it('stays on this site', () => {
    expect(safeNext('/clients?q=a')).toBe('/clients?q=a');
    const elsewhere = ['https://evil.example', '//evil.example', '/\\evil.example'];
    for (const next of [undefined, '', ...elsewhere]) {
      expect(safeNext(next)).toBe('/');
    }
  });
  it('does not lead back to the sign-in', () => expect(safeNext('/login?next=/')).toBe('/'));
});
