/** Shares as people read them. Pure. */

/** `97.5%`, never 100% before all are right; a dash when there is nothing to divide by. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0) return '–';
  if (part >= whole) return '100%';
  const tenths = Math.floor((part / whole) * 1000);
  return `${(tenths / 10).toFixed(tenths % 10 === 0 ? 0 : 1)}%`;
}
