import { describe, expect, it } from 'vitest';
import { isEmail } from '../../roster/email.js';

const long = (local: number, domain: number): string =>
  `${'a'.repeat(local)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(domain)}.example`;

describe('addresses', () => {
  it.each([
    'a@b.co',
    'zoe.ito@students.example',
    "d'andre.o'brien@district.example",
    'x+y_z-1@a-b.example',
    '0012345@students.example',
    'UPPER@DISTRICT.EXAMPLE',
    'a@b.xn--p1ai',
    `${'a'.repeat(64)}@b.example`,
  ])('takes %s', (address) => {
    expect(isEmail(address)).toBe(true);
  });

  it.each([
    '',
    'zoe',
    'zoe.ito.students.example',
    '@b.example',
    'a@',
    'a@b',
    'a@@b.example',
    'a@b@c.example',
    'a b@c.example',
    'a@b .example',
    '.a@b.example',
    'a.@b.example',
    'a..b@c.example',
    'a@.example',
    'a@b..example',
    'a@b.example.',
    'a@-b.example',
    'a@b-.example',
    'a@b.c',
    'a@b.123',
    'a@[10.0.0.1]',
    'zoë@b.example',
    'a@bü.example',
    'a<b>@c.example',
    'a@b.example\r\nBcc: c@d.example',
    'a,b@c.example',
    `${'a'.repeat(65)}@b.example`,
    'a@b.example '.repeat(2),
    `a@${'b'.repeat(64)}.example`,
  ])('refuses %j', (address) => {
    expect(isEmail(address)).toBe(false);
  });

  it('allows 254 characters and no more', () => {
    const [most, oneMore] = [long(63, 60), long(64, 60)];
    expect([most.length, isEmail(most)]).toEqual([254, true]);
    expect([oneMore.length, isEmail(oneMore)]).toEqual([255, false]);
  });

  it('decides on a hostile text at once', () => {
    const began = performance.now();
    for (const text of [`${'a.'.repeat(126)}@`, `a@${'b-'.repeat(126)}`, 'a'.repeat(10_000_000)]) {
      expect(isEmail(text)).toBe(false);
    }
    expect(performance.now() - began).toBeLessThan(100);
  });
});
