import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbered } from '../../roster/reading/numbered.js';
import { recent } from '../../roster/reading/recent.js';

describe('numbered texts', () => {
  it('are numbered as a map of them would be', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.nat(5_000).map((n) => `student.${n}@students.example`),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4_000, size: 'max' }), (list) => {
        const texts = numbered();
        const map = new Map<string, number>();
        for (const one of list) {
          expect(texts.find(one)).toBe(map.get(one) ?? -1);
          if (!map.has(one)) map.set(one, texts.add(one));
        }
        expect(texts.size()).toBe(map.size);
        expect([...map.keys()].map((_, id) => texts.value(id))).toEqual([...map.keys()]);
      }),
      { numRuns: 60 },
    );
  });

  it('of one pattern do not pile up in one place', () => {
    const texts = numbered();
    const began = performance.now();
    for (let n = 0; n < 300_000; n++) texts.add(String(n * 1024).padStart(12, '0'));
    let found = 0;
    for (let n = 0; n < 300_000; n++) {
      if (texts.find(String(n * 1024).padStart(12, '0')) === n) found++;
    }
    expect(found).toBe(300_000);
    // Half a second where they do not, minutes where they do.
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('what was asked for lately', () => {
  it('is remembered, at least as many as said and at most twice as many', () => {
    const cells = recent<{ cell: string }>(3);
    for (const cell of ['a', 'b', 'c', 'd', 'e', 'f']) cells.add({ cell });
    expect(['d', 'e', 'f'].map((cell) => cells.get(cell)?.cell)).toEqual(['d', 'e', 'f']);
    cells.add({ cell: 'g' });
    expect(cells.get('a')).toBeUndefined();
    // Asked for, so it outlives the ones that came with it.
    expect(cells.get('d')).toEqual({ cell: 'd' });
    for (const cell of ['h', 'i']) cells.add({ cell });
    expect(cells.get('d')).toEqual({ cell: 'd' });
    expect(cells.get('e')).toBeUndefined();
  });
});
