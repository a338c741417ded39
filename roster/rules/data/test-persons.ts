/** Who is entered to try a system out. Data: add to it freely, folded as `fold` does. */

/** First and last name, in this order. */
export const TEST_NAMES: ReadonlySet<string> = new Set(
  [
    'test student',
    'student test',
    'test teacher',
    'teacher test',
    'test test',
    'test user',
    'user test',
    'demo student',
    'student demo',
    'demo teacher',
    'sample student',
    'sample teacher',
    'dummy student',
    'fake student',
    'example student',
    'john doe',
    'jane doe',
    'firstname lastname',
    'first last',
    'asdf asdf',
    'abc xyz',
  ].map((name) => name.replace(' ', '|')),
);

/** Reserved for examples (RFC 2606), so nobody can read mail there. */
export const TEST_DOMAINS: ReadonlySet<string> = new Set([
  'example.com',
  'example.net',
  'example.org',
]);
