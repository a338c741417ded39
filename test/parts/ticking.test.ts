import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ticking } from '../../dev/ticking.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a long step says every quarter of a minute that it is still at it, until it ends', async () => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  let end: () => void = () => {};
  const step = () => new Promise<void>((resolve) => (end = resolve));
  const ended = ticking('fetching', say, step);
  vi.advanceTimersByTime(31_000);
  expect(said).toEqual(['  fetching: 15 s', '  fetching: 30 s']);
  end();
  await ended;
  await expect(ticking('failing', say, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(2);
});
