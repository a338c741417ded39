import { describe, expect, it } from 'vitest';
import {
  readDistrictChange,
  readDistrictId,
  readNewDistrict,
  warningsOf,
} from '../../client/district-input.js';
import { readOwnServer } from '../../client/own-server.js';
import type { DistrictChange } from '../../client/types.js';
import { errorOf } from './errors.js';

const PRODUCTS = ['rocketlit', 'innerorbit'];
const change = (one: DistrictChange) => readDistrictChange(one, PRODUCTS);

describe('what is said of a district', () => {
  it('is put into its right spelling', () => {
    const district = readNewDistrict(
      {
        id: 'maple-valley',
        name: '  Mape\u0301 Valley ',
        contact: ' it@maple.example ',
        seats: 12,
        timeZone: 'america/chicago',
        nightlyAt: '03:30',
        products: ['rocketlit', 'rocketlit'],
      },
      PRODUCTS,
    );
    expect(district).toEqual({
      id: 'maple-valley',
      name: 'Mapé Valley',
      contact: 'it@maple.example',
      seats: 12,
      timeZone: 'America/Chicago',
      nightlyAt: '03:30',
      products: ['rocketlit'],
    });
  });

  it('changes nothing that was not said', () => {
    expect(change({ seats: 5 })).toEqual({ seats: 5 });
    expect(change({})).toEqual({});
  });

  it.each(['maple', 'a', '0', 'maple-valley-2', 'x'.repeat(50)])('takes the id %s', (id) => {
    expect(readDistrictId(id)).toBe(id);
  });
  it.each([
    '',
    'Maple',
    '-maple',
    'maple-',
    'ma--ple',
    'ma ple',
    '../x',
    'x'.repeat(51),
    'ä',
    'a\n',
  ])('refuses the id %j', (id) => {
    expect(errorOf(() => readDistrictId(id))).toMatchObject({ code: 'BAD_DISTRICT_ID', exit: 2 });
  });

  const BAD: [string, DistrictChange, string, RegExp][] = [
    ['an empty name', { name: ' ' }, 'BAD_NAME', /--name/],
    ['a name of two lines', { name: 'a\nBcc: x' }, 'BAD_NAME', /one line/],
    ['an address without @', { contact: 'it' }, 'BAD_CONTACT', /it@district.example/],
    ['two addresses', { contact: 'a@x.example, b@x.example' }, 'BAD_CONTACT', /one mail address/],
    [
      'a header in an address',
      { contact: 'a@x.example\r\nBcc: b@x.example' },
      'BAD_CONTACT',
      /one/,
    ],
    ['no seats', { seats: 0 }, 'BAD_SEATS', /whole number/],
    ['half a seat', { seats: 1.5 }, 'BAD_SEATS', /whole number/],
    ['seats that are no number', { seats: Number.NaN }, 'BAD_SEATS', /whole number/],
    ['files kept for no day', { keepFiles: 0 }, 'BAD_DAYS', /1 to 365/],
    ['files kept for ever', { keepFiles: 366 }, 'BAD_DAYS', /1 to 365/],
    ['files kept for half a day', { keepFiles: 0.5 }, 'BAD_DAYS', /whole number/],
    ['an hour that is none', { nightlyAt: '24:00' }, 'BAD_TIME', /03:30/],
    ['a time without its zero', { nightlyAt: '3:30' }, 'BAD_TIME', /03:30/],
    ['a time with seconds', { nightlyAt: '03:30:00' }, 'BAD_TIME', /03:30/],
    [
      'a product that is not there',
      { products: ['rocketlt'] },
      'PRODUCT_UNKNOWN',
      /Did you mean rocketlit\? .*rocketlit, innerorbit/,
    ],
    ['a file with a folder', { fileName: '../roster.csv' }, 'BAD_FILE_NAME', /roster.csv/],
    ['a hidden file', { fileName: '.roster.csv' }, 'BAD_FILE_NAME', /roster.csv/],
    ['the folder of reports', { fileName: 'Reports' }, 'BAD_FILE_NAME', /our reports/],
    [
      'a name that uploads use meanwhile',
      { fileName: 'roster.csv.part' },
      'BAD_FILE_NAME',
      /roster.csv/,
    ],
    ['more than all', { limits: { removalPercent: 101 } }, 'BAD_PERCENT', /0 to 100/],
    [
      'a percentage that is none',
      { limits: { removalPercent: Number.NaN } },
      'BAD_PERCENT',
      /0 to 100/,
    ],
  ];
  it.each(BAD)('refuses %s', (_what, one, code, words) => {
    const error = errorOf(() => change(one));
    expect(error).toMatchObject({ code, exit: 2 });
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('\n');
  });

  it('warns of hours that daylight saving skips or repeats, and of no others', () => {
    for (const nightlyAt of ['01:00', '02:30', '02:59']) {
      expect(warningsOf({ nightlyAt }), nightlyAt).toHaveLength(1);
    }
    for (const nightlyAt of ['00:59', '03:00', '13:00', '22:15']) {
      expect(warningsOf({ nightlyAt }), nightlyAt).toEqual([]);
    }
    expect(warningsOf({})).toEqual([]);
  });

  it('warns where a summer is enough to be purged', () => {
    expect(warningsOf({ purgeAfterDays: 60 })[0]).toMatch(/away for 60 days is purged/);
    expect(warningsOf({ purgeAfterDays: 365 })).toEqual([]);
  });

  it.each([29, 3651, 90.5, Number.NaN])('refuses to purge after %s days', (purgeAfterDays) => {
    const error = errorOf(() => change({ purgeAfterDays }));
    expect(error).toMatchObject({ code: 'BAD_PURGE_AFTER', exit: 2 });
    expect(error.message).toMatch(/^[^\n]+ from 30 to 3650[^\n]+$/);
  });
});

describe('a district’s own server', () => {
  const KEY = `SHA256:${'A'.repeat(43)}`;

  it('is read from its three parts', () => {
    expect(readOwnServer('sftp://rollcall@sftp.d.example:2222/out%20box', 'env:D_PW', KEY)).toEqual(
      {
        host: 'sftp.d.example',
        port: 2222,
        username: 'rollcall',
        path: '/out box',
        secretRef: 'env:D_PW',
        hostKey: KEY,
      },
    );
  });

  it('has port 22, the top folder and no padding unless said otherwise', () => {
    expect(readOwnServer('sftp://u@[2001:db8::1]', 'file:/run/key', `${KEY}=`)).toMatchObject({
      host: '2001:db8::1',
      port: 22,
      path: '/',
      hostKey: KEY,
    });
  });

  it('never takes a password in the address, and never repeats it', () => {
    const error = errorOf(() => readOwnServer('sftp://u:hunter2@h.example/x', 'env:A', KEY));
    expect(error.message).toContain('--sftp-secret env:NAME or file:/path');
    expect(error.message).not.toContain('hunter2');
  });

  it.each([
    ['http://u@h.example/x', 'env:A', KEY, /sftp:\/\/user@host/],
    ['h.example', 'env:A', KEY, /sftp:\/\/user@host/],
    ['sftp://h.example/x', 'env:A', KEY, /user is missing/],
    ['sftp://u@h.example/x?y', 'env:A', KEY, /%3F/],
    ['sftp://u@h.example/%zz', 'env:A', KEY, /%25/],
    ['sftp://u@h.example/a%0Ab', 'env:A', KEY, /cannot be read/],
    ['sftp://u@h.example/x', undefined, KEY, /--sftp-secret/],
    ['sftp://u@h.example/x', 'hunter2', KEY, /--sftp-secret/],
    ['sftp://u@h.example/x', 'env:A', undefined, /--sftp-host-key/],
    ['sftp://u@h.example/x', 'env:A', 'MD5:aa:bb', /ssh-keyscan/],
  ])('refuses %s with secret %s and key %s', (url, secret, key, words) => {
    const error = errorOf(() => readOwnServer(url, secret, key));
    expect(error).toMatchObject({ code: 'BAD_SFTP', exit: 2 });
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('hunter2');
  });
});
