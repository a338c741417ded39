import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, judge } from '../../roster/limits.js';
import { KINDS, NO_CHANGE, type PlanFacts } from '../../roster/plan-types.js';

const facts = (before: number, deactivated: number): PlanFacts => {
  const each = <T>(value: T) => Object.fromEntries(KINDS.map((kind) => [kind, value]));
  return {
    before: { ...each(0), students: before } as PlanFacts['before'],
    changes: {
      ...each(NO_CHANGE),
      students: { ...NO_CHANGE, deactivated },
    } as PlanFacts['changes'],
    seats: { licensed: 10, before, after: before - deactivated },
  };
};

describe('judge', () => {
  it.each([
    [1000, 100, 10],
    [10, 1, 10],
    [7, 0, 10],
    [0, 0, 0],
    [3, 3, 100],
  ])('of %i students lets %i go at %i%%', (before, gone, removalPercent) => {
    expect(judge(facts(before, gone), { removalPercent })).toEqual([]);
  });

  it.each([
    [1000, 101, 10, 10.1],
    [3_000_000, 300_001, 10, 10.01],
    [9, 1, 10, 11.12],
    [5, 1, 0, 20],
    [100_000, 7_001, 7, 7.01],
  ])(
    'of %i students holds %i going at %i%%, and says %d',
    (before, gone, removalPercent, value) => {
      expect(judge(facts(before, gone), { removalPercent })).toEqual([
        { limit: 'students-removed', school: null, value, allowed: removalPercent },
      ]);
    },
  );

  it('allows 10% unless a district says otherwise', () => {
    expect(DEFAULT_LIMITS.removalPercent).toBe(10);
  });
});
