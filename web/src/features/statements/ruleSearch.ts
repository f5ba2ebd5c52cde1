/** Finding rules. Pure. */
import type { ArticulationRule } from '@/api/statementShapes';

/** The family of a rule: what stands before the hyphen, such as `BS`. */
export const familyOf = (id: string): string => id.split('-')[0] ?? id;

/** All families, in the order of the table. */
export const familiesOf = (rules: ArticulationRule[]): string[] => [
  ...new Set(rules.map((rule) => familyOf(rule.id))),
];

/** Rules of a family and severity that hold every word of a text. */
export function found(
  rules: ArticulationRule[],
  text: string,
  family?: string,
  severity?: string,
): ArticulationRule[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rules.filter((rule) => {
    if (family && familyOf(rule.id) !== family) return false;
    if (severity && (rule.own_severity ?? rule.severity) !== severity) return false;
    const hay = [rule.id, rule.zh, rule.en, rule.formula].join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
