import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ints } from '../../roster/reading/ints.js';
import { Pairs } from '../../roster/reading/pairs.js';

describe('pairs', () => {
  it('are numbered as a map of them would be', () => {
    const number = fc.oneof(fc.nat(20), fc.nat(5_000), fc.nat(60_000_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 3_000, size: 'max' }), (list) => {
        const pairs = new Pairs();
        const map = new Map<string, number>();
        for (const [a, b] of list) {
          const key = `${a} ${b}`;
          if (!map.has(key)) map.set(key, map.size);
          expect(pairs.add(a, b)).toBe(map.get(key));
        }
        expect(pairs.size).toBe(map.size);
      }),
      { numRuns: 60 },
    );
  });

  it('of a large district are found quickly: they do not pile up in one place', () => {
    const pairs = new Pairs();
    const began = performance.now();
    for (let a = 0; a < 30; a++) for (let b = 0; b < 20_000; b++) pairs.add(a, b * 1024);
    expect(pairs.size).toBe(600_000);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('growing integers', () => {
  it('keep what was set, and say so where nothing was', () => {
    const ints = new Ints(-1);
    ints.set(5_000, 7);
    ints.push(8);
    expect([ints.get(4_999), ints.get(5_000), ints.get(5_001), ints.get(5_002)]).toEqual([
      -1, 7, 8, -1,
    ]);
    expect(ints.length).toBe(5_002);
  });
});
