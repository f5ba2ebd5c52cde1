/** Counts and codes as people read them. */
import { group } from './money';

/** A whole number with thousands separators. */
export const formatCount = (count: number): string => group(String(Math.trunc(count)));

/** A count that may stop at the cap: `1万+` or `10,000+`. */
export function formatTotal(total: { count: number; capped: boolean }, wan: string): string {
  if (!total.capped) return formatCount(total.count);
  const whole = total.count % 10_000 === 0 && wan !== '';
  return whole ? `${total.count / 10_000}${wan}+` : `${formatCount(total.count)}+`;
}

/** The share of a whole in whole percent, never 100 before it is all done. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  return done >= total ? 100 : Math.min(99, Math.floor((done / total) * 100));
}

/** The first letters for an avatar: the last one of a Chinese name, the first of others. */
export function initial(name: string): string {
  const letters = [...name.trim()];
  const cjk = /\p{Script=Han}/u.test(name);
  return (cjk ? letters.at(-1) : letters[0]?.toUpperCase()) ?? '?';
}

