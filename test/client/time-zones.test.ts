import { describe, expect, it } from 'vitest';
import { distance, nearest } from '../../client/near.js';
import { readTimeZone } from '../../client/time-zones.js';
import { errorOf } from './errors.js';

describe('time zones', () => {
  it.each([
    ['America/Chicago', 'America/Chicago'],
    ['america/new_york', 'America/New_York'],
    [' Europe/Berlin ', 'Europe/Berlin'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['US/Eastern', 'US/Eastern'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
  ])('takes %s as %s', (typed, name) => {
    expect(readTimeZone(typed)).toBe(name);
  });

  it('spells an old name in small letters as the server knows it', () => {
    expect(readTimeZone('us/eastern')).toBe('America/New_York');
  });

  it.each([
    ['new york', 'America/New_York'],
    ['America/NewYork', 'America/New_York'],
    ['America/Chigaco', 'America/Chicago'],
    ['Los Angeles', 'America/Los_Angeles'],
    ['EST', 'America/New_York'],
    ['Central', 'America/Chicago'],
    ['Pacific Standard Time', 'America/Los_Angeles'],
    ['mountain time', 'America/Denver'],
  ])('refuses %s and suggests %s', (typed, suggestion) => {
    const error = errorOf(() => readTimeZone(typed));
    expect(error).toMatchObject({ code: 'BAD_TIME_ZONE', exit: 2 });
    expect(error.message).toContain(`Did you mean ${suggestion}?`);
  });

  it.each(['', '+05:00', 'GMT+5', 'Etc/GMT+5', 'xyzzyxyzzy', 'EST5EDT', '../../etc/passwd'])(
    'refuses %j and gives an example',
    (typed) => {
      expect(errorOf(() => readTimeZone(typed)).message).toContain('such as America/Chicago');
    },
  );
});

describe('near names', () => {
  it('counts swapped neighbours as one step', () => {
    expect(distance('maple', 'mpale')).toBe(1);
    expect(distance('', 'abc')).toBe(3);
    expect(distance('kitten', 'sitting')).toBe(3);
  });

  it('finds what was meant, whatever its case and punctuation', () => {
    const districts = ['maple-valley', 'oak-hill', 'maple-valley-2'];
    expect(nearest('maple_valey', districts)).toBe('maple-valley');
    expect(nearest('OAKHILL', districts)).toBe('oak-hill');
  });

  it('takes a beginning that only one has', () => {
    expect(nearest('oak', ['maple-valley', 'oak-hill'])).toBe('oak-hill');
    expect(nearest('map', ['maple-valley', 'maple-grove'])).toBeNull();
  });

  it('stays silent when nothing is near', () => {
    expect(nearest('springfield', ['maple-valley', 'oak-hill'])).toBeNull();
    expect(nearest('---', ['maple-valley'])).toBeNull();
  });
});
