/** Grade levels: the values that the roster knows, and the ways files write them. */

export const GRADE_LEVELS = [
  'TK',
  'PK',
  'K',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '12',
  '13',
  'PG',
  'UG',
] as const;
export type GradeLevel = (typeof GRADE_LEVELS)[number];

/** Keys have no spaces, dots or hyphens: see `squeeze`. */
const WORDS: ReadonlyMap<string, GradeLevel> = new Map([
  ...GRADE_LEVELS.map((grade) => [grade, grade] as const),
  ['TRANSITIONALKINDERGARTEN', 'TK'],
  ['TRANSITIONALK', 'TK'],
  ['PREK', 'PK'],
  ['PREKINDERGARTEN', 'PK'],
  ['PREKINDER', 'PK'],
  ['KG', 'K'],
  ['KINDER', 'K'],
  ['KINDERGARTEN', 'K'],
  ['POSTGRADUATE', 'PG'],
  ['POSTGRAD', 'PG'],
  ['UNGRADED', 'UG'],
]);

const ORDINALS: ReadonlyMap<string, string> = new Map([
  ['1', 'ST'],
  ['2', 'ND'],
  ['3', 'RD'],
]);
const NUMBER = /^0*(\d{1,2})(ST|ND|RD|TH)?$/;

const squeeze = (text: string): string => text.toUpperCase().replace(/[\s.\-_]+/g, '');

/**
 * The grade level that a cell means, or null if it is none that is known: nothing is guessed.
 * `01`, `1st`, `Grade 1` and `1st grade` are `1`; `0`, `KG` and `Kinder` are `K`.
 */
export function toGradeLevel(cell: string): GradeLevel | null {
  const text = cell.trim();
  // A number must not lose its sign, its point or its gap on the way: -1, 1.5, 1 2.
  if (/^[-.]|\d[.\-_]|\d\s+\d/.test(text)) return null;
  const bare = squeeze(text).replace(/^(GRADE|GR)(?=.)|(?<=.)GRADE$/g, '');
  const word = WORDS.get(bare);
  if (word !== undefined) return word;
  const match = NUMBER.exec(bare);
  if (match === null) return null;
  const number = match[1]!;
  if (match[2] !== undefined && match[2] !== (ORDINALS.get(number) ?? 'TH')) return null;
  return number === '0' ? (match[2] === undefined ? 'K' : null) : (WORDS.get(number) ?? null);
}
