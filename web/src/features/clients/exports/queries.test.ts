/** The filters of a request. */
import { describe, expect, it } from 'vitest';
import { filtersOf } from './queries';

describe('the filters of a request', () => {
  it('leave out the place in the list and what is empty', () => {
    const query = { q: '示例', stage: '', cursor: 'c', limit: 50, count: 'exact', lead: undefined };
    expect(filtersOf(query)).toEqual({ q: '示例' });
  });
  it('are typed as the server wants them', () => {
    const query = { findings: 'true', completeness_max: '80' };
    expect(filtersOf(query)).toEqual({ findings: true, completeness_max: 80 });
  });
});
