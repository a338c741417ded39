/** Makes invented people with an address each. */
import { FIRST_NAMES, LAST_NAMES } from './names.js';
import type { Random } from './random.js';

export interface Person {
  readonly email: string;
  readonly first: string;
  readonly last: string;
}

export interface People {
  /** A person with a name that nobody else has, unless one is given. */
  next(domain: string, name?: { readonly first: string; readonly last: string }): Person;
}

const LETTERS: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae' };

/** The letters of a name that an address can have: "Zoë O'Brien" is `zoe.obrien`. */
const forAddress = (text: string): string =>
  text
    .toLowerCase()
    .replace(/".*"|,.*/g, '')
    .normalize('NFD')
    .replace(/[łøđßæ]/g, (letter) => LETTERS[letter]!)
    .replace(/[^a-z-]/g, '');

export function people(random: Random): People {
  const names = new Set<string>();
  const addresses = new Set<string>();

  const newName = (): { first: string; last: string } => {
    for (;;) {
      const name = { first: random.pick(FIRST_NAMES), last: random.pick(LAST_NAMES) };
      const whole = `${name.first} ${name.last}`;
      if (names.has(whole)) continue;
      names.add(whole);
      return name;
    }
  };
  const newAddress = (local: string, domain: string): string => {
    for (let n = 1; ; n++) {
      const address = `${local}${n === 1 ? '' : n}@${domain}`;
      if (addresses.has(address)) continue;
      addresses.add(address);
      return address;
    }
  };

  return {
    next: (domain, name = newName()) => ({
      email: newAddress(`${forAddress(name.first)}.${forAddress(name.last)}`, domain),
      first: name.first,
      last: name.last,
    }),
  };
}
