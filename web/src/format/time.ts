/** Instants and dates in the time zone of the firm. */

let zone = 'Asia/Shanghai';

/** Sets the firm's time zone, once it is known. */
export function setTimeZone(name: string | undefined): void {
  if (!name) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    zone = name;
  } catch {
    // An unknown zone keeps the default.
  }
}

/** Reads an instant: RFC 3339 text, or a number of microseconds, milliseconds or seconds. */
export function readInstant(value: string | number | null | undefined): Date | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' && !/^\d+$/.test(value)) {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? null : date;
  }
  const number = Number(value);
  const ms = number > 1e14 ? number / 1000 : number > 1e11 ? number : number * 1000;
  return new Date(ms);
}

function parts(date: Date): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(date).map((part) => [part.type, part.value]));
}

/** `YYYY-MM-DD HH:mm`, with seconds when asked. */
export function formatInstant(value: string | number | null | undefined, seconds = false): string {
  const date = readInstant(value);
  if (!date) return '–';
  const p = parts(date);
  const clock = `${p['hour']}:${p['minute']}${seconds ? `:${p['second']}` : ''}`;
  return `${p['year']}-${p['month']}-${p['day']} ${clock}`;
}

/** `YYYY-MM-DD` of an instant. */
export function formatDay(value: string | number | null | undefined): string {
  const date = readInstant(value);
  if (!date) return '–';
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const p = parts(date);
  return `${p['year']}-${p['month']}-${p['day']}`;
}
