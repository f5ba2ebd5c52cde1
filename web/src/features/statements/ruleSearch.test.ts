/** Finding rules. */
import { expect, it } from 'vitest';
import type { ArticulationRule } from '@/api/statementShapes';
import { familiesOf, found } from './ruleSearch';

const rule = (id: string, over: Partial<ArticulationRule> = {}): ArticulationRule => ({
  id, applies: 'both', zh: '', en: `rule ${id}`, formula: 'a = b', exceptions: '',
  severity: 'error', tolerance: 'T0', own_severity: null, own_tolerance: null, ...over,
});
const rules = [rule('BS-01'), rule('BS-02', { own_severity: 'hint' }), rule('X-01')];

it('rules are found by words, family and the severity that the firm applies', () => {
  const ids = (all: ArticulationRule[]) => all.map((one) => one.id);
  expect(familiesOf(rules)).toEqual(['BS', 'X']);
  expect(ids(found(rules, 'bs RULE'))).toEqual(['BS-01', 'BS-02']);
  expect(ids(found(rules, '', 'BS', 'error'))).toEqual(['BS-01']);
  expect(ids(found(rules, '', undefined, 'hint'))).toEqual(['BS-02']);
  expect(found(rules, 'nothing')).toEqual([]);
});
