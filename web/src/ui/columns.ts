/** Which columns a person sees, in which order: pure functions and their storage. */

export interface ColumnSettings {
  order: string[];
  hidden: string[];
  frozen: string[];
}

export interface ColumnInfo {
  key: string;
  hiddenAtFirst?: boolean;
  frozenAtFirst?: boolean;
  fixed?: boolean;
}

/** The settings before a person changed anything. */
export function firstSettings(columns: ColumnInfo[]): ColumnSettings {
  const keys = (pick: (column: ColumnInfo) => boolean | undefined) =>
    columns.filter(pick).map((column) => column.key);
  return {
    order: columns.map((column) => column.key),
    hidden: keys((column) => column.hiddenAtFirst),
    frozen: keys((column) => column.frozenAtFirst),
  };
}

/** Fits kept settings to the columns of today: unknown ones go, new ones come at the end. */
export function fitSettings(columns: ColumnInfo[], kept: ColumnSettings): ColumnSettings {
  const known = new Set(columns.map((column) => column.key));
  const always = new Set(columns.filter((c) => c.fixed).map((c) => c.key));
  const order = [...new Set(kept.order.filter((key) => known.has(key)))];
  const fresh = columns.filter((column) => !order.includes(column.key));
  return {
    order: [...order, ...fresh.map((column) => column.key)],
    hidden: [
      ...kept.hidden.filter((key) => known.has(key) && !always.has(key)),
      ...fresh.filter((column) => column.hiddenAtFirst).map((column) => column.key),
    ],
    frozen: kept.frozen.filter((key) => known.has(key)),
  };
}

/** The shown columns: frozen ones first, each part in the chosen order. */
export function arrange<C extends ColumnInfo>(columns: C[], settings: ColumnSettings): C[] {
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const shown = settings.order
    .filter((key) => !settings.hidden.includes(key))
    .flatMap((key) => byKey.get(key) ?? []);
  const frozen = (column: C) => settings.frozen.includes(column.key);
  return [...shown.filter(frozen), ...shown.filter((column) => !frozen(column))];
}

/** Moves a column to the place of another. */
export function move(settings: ColumnSettings, key: string, to: string): ColumnSettings {
  const target = settings.order.indexOf(to);
  if (key === to || target < 0 || !settings.order.includes(key)) return settings;
  const order = settings.order.filter((other) => other !== key);
  order.splice(target, 0, key);
  return { ...settings, order };
}

/** Turns a column's membership in one of the sets. */
export function toggle(
  settings: ColumnSettings,
  set: 'hidden' | 'frozen',
  key: string,
): ColumnSettings {
  const now = settings[set];
  const next = now.includes(key) ? now.filter((other) => other !== key) : [...now, key];
  return { ...settings, [set]: next };
}

/** Where the settings of a person for one view of a table are kept. */
export const columnStore = (person: string, table: string, view: string): string =>
  `heng.columns.${person}.${table}.${view || 'all'}`;

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;

/** Reads kept settings; anything unreadable counts as none. */
export function loadSettings(store: string, columns: ColumnInfo[]): ColumnSettings {
  try {
    const text = localStorage.getItem(store) ?? 'null';
    const kept = JSON.parse(text) as Record<string, unknown> | null;
    const order = texts(kept?.['order']);
    const hidden = texts(kept?.['hidden']);
    const frozen = texts(kept?.['frozen']);
    if (order && hidden && frozen) return fitSettings(columns, { order, hidden, frozen });
  } catch {
    // Unreadable settings are the same as none.
  }
  return firstSettings(columns);
}

/** Keeps settings; a full or forbidden store only means that they are forgotten. */
export function saveSettings(store: string, settings: ColumnSettings | null): void {
  try {
    if (settings) localStorage.setItem(store, JSON.stringify(settings));
    else localStorage.removeItem(store);
  } catch {
    // Nothing to do: the table works without.
  }
}
