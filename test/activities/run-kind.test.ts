import { describe, expect, it } from 'vitest';
import { kindOf } from '../../activities/open-run.js';

const chicago = { timeZone: 'America/Chicago', nightlyAt: '04:00' };

describe('telling a nightly run from one asked for', () => {
  it.each([
    ['on the minute, in winter', chicago, '2026-01-15T10:00:00Z', 'nightly'],
    ['on the minute, in summer', chicago, '2026-07-15T09:00:00Z', 'nightly'],
    [
      'a second after it, within the spread of the starts',
      chicago,
      '2026-01-15T10:00:01Z',
      'manual',
    ],
    ['a minute after', chicago, '2026-01-15T10:01:00Z', 'manual'],
    ['a second before', chicago, '2026-01-15T09:59:59Z', 'manual'],
    ['the same hour of another zone', chicago, '2026-01-15T04:00:00Z', 'manual'],
    [
      'at midnight',
      { timeZone: 'Asia/Kolkata', nightlyAt: '00:00' },
      '2026-01-15T18:30:00Z',
      'nightly',
    ],
    [
      'in a zone off the full hour',
      { timeZone: 'Asia/Kathmandu', nightlyAt: '00:00' },
      '2026-01-15T18:15:00Z',
      'nightly',
    ],
    ['not meant by a schedule', chicago, undefined, 'manual'],
  ])('%s', (_when, district, scheduledFor, kind) => {
    expect(kindOf(district, scheduledFor)).toBe(kind);
  });
});
