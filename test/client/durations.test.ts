import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, parseDurations } from '../../client/durations.js';
import { errorOf } from './errors.js';

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
    [' 1s ', 1_000],
  ])('reads %s as %i ms', (text, ms) => {
    expect(parseDuration(text, '--quiet')).toBe(ms);
  });

  it.each(['', '3', 'd', '0s', '1.5h', '-1d', '3 d', '3w', '1e3s', '99999d', '٣d'])(
    'refuses %j and names the option',
    (text) => {
      const error = errorOf(() => parseDuration(text, '--quiet'));
      expect(error).toMatchObject({ code: 'BAD_DURATION', exit: 2 });
      expect(error.message).toMatch(/^--quiet: .*30s, 10m, 2h or 3d/);
    },
  );

  it('reads a list whose times go up', () => {
    expect(parseDurations('2d,5d, 10d', '--remind-after')).toEqual([
      172_800_000, 432_000_000, 864_000_000,
    ]);
  });

  it.each(['5d,2d', '2d,2d', '2d,', ',2d'])('refuses the list %j', (text) => {
    expect(errorOf(() => parseDurations(text, '--remind-after')).code).toBe('BAD_DURATION');
  });

  it.each(['30s', '90s', '10m', '36h', '3d', '1h'])('writes %s as it was read', (text) => {
    expect(formatDuration(parseDuration(text, '-'))).toBe(text);
  });

  it('writes the shortest exact form', () => {
    expect(formatDuration(parseDuration('48h', '-'))).toBe('2d');
    expect(formatDuration(parseDuration('120s', '-'))).toBe('2m');
  });
});
