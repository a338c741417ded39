/**
 * Makes large rosters, the same bytes on every machine: a state of schools of about 700 students,
 * each of whom takes six classes, sorted by class as student information systems export them.
 *
 *     npx tsx bench/generate.ts ROWS FILE [plain | quoted | windows-1252 | untidy | shuffled | night]
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { COLUMNS } from '../roster/columns.js';
import { FIRST_NAMES, LAST_NAMES, SCHOOL_KINDS, SCHOOL_NAMES, SUBJECTS } from './names.js';

/**
 * plain: quotes only where a value has a comma. quoted: every value in quotes. untidy: addresses
 * with capitals, grades as 07, stray spaces, curly apostrophes. shuffled: plain, rows in any order.
 * night: plain, a night later.
 */
export const SHAPES = ['plain', 'quoted', 'windows-1252', 'untidy', 'shuffled', 'night'] as const;
export type Shape = (typeof SHAPES)[number];

const SCHOOL_SIZE = 700;
const CLASSES_A_STUDENT = 6;
const CLASS_SIZE = 28;
const CLASSES_A_TEACHER = 5;
const BLOCK = 1 << 18;

/** A well mixed number below `below` for each `n`: the same `n` always gives the same one. */
function pick(n: number, salt: number, below: number): number {
  let hash = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) % below;
}
const from = (list: readonly string[], n: number, salt: number): string =>
  list[pick(n, salt, list.length)]!;

const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();

const school = (n: number): readonly string[] => [
  String(n + 101).padStart(5, '0'),
  `${from(SCHOOL_NAMES, n, 1)} ${from(SCHOOL_KINDS, n, 2)}`,
];
const teacher = (n: number): readonly string[] => {
  const [first, last] = [from(FIRST_NAMES, n, 3), from(LAST_NAMES, n, 4)];
  return [`${ascii(first)}.${ascii(last)}${n}@staff.river-valley-county.example`, first, last];
};
const student = (n: number, grade: number): readonly string[] => {
  const [first, last] = [from(FIRST_NAMES, n, 5), from(LAST_NAMES, n, 6)];
  return [
    first,
    last,
    `${ascii(first)}.${ascii(last)}.${n}@students.river-valley-county.example`,
    `${grade}`,
  ];
};

const CLASSES_A_SCHOOL = Math.ceil((SCHOOL_SIZE * CLASSES_A_STUDENT) / CLASS_SIZE);

/** Row `n` of the roster that is sorted by class, in the order of COLUMNS. */
function row(n: number): readonly string[] {
  const number = Math.floor(n / CLASS_SIZE);
  const seat = n % CLASS_SIZE;
  const place = Math.floor(number / CLASSES_A_SCHOOL);
  const cls = number % CLASSES_A_SCHOOL;
  const ofSchool = school(place);
  // Every student sits in six classes of the school, with others in each.
  const one =
    ((cls % (SCHOOL_SIZE / CLASS_SIZE)) * CLASS_SIZE + seat * (1 + Math.floor(cls / 25))) %
    SCHOOL_SIZE;
  return [
    ...ofSchool,
    ...teacher(place * 40 + Math.floor(cls / CLASSES_A_TEACHER)),
    `${ofSchool[0]}-${String(cls + 1).padStart(3, '0')}`,
    `${from(SUBJECTS, number, 7)} P${1 + (cls % 6)}`,
    ...student(place * SCHOOL_SIZE + one, 6 + (one % 7)),
  ];
}

/** The numbers below `count` in any order, each once; the same order every time. */
function shuffled(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, n) => n);
  for (let n = count - 1; n > 0; n--) {
    const other = pick(n, 8, n + 1);
    [order[n], order[other]] = [order[other]!, order[n]!];
  }
  return order;
}

/** The rows without the header, `count` of them, in the order of COLUMNS. */
export function* rows(count: number, shape: Shape = 'plain'): Generator<readonly string[]> {
  const order = shape === 'shuffled' ? shuffled(count) : null;
  for (let n = 0; n < count; n++) {
    const cells = row(order === null ? n : order[n]!);
    const later = shape === 'night' ? nextNight(cells, n) : cells;
    if (later !== null) yield later;
  }
}

const [FIRST, LAST, EMAIL] = (
  ['student_first_name', 'student_last_name', 'student_email'] as const
).map((column) => COLUMNS.indexOf(column)) as [number, number, number];

/**
 * The same row a night later: of a hundred students one has changed, in turn a new last name,
 * another student in the place of one who left, or a class less.
 */
function nextNight(cells: readonly string[], n: number): readonly string[] | null {
  const who = Number(/\.(\d+)@/.exec(cells[EMAIL]!)![1]);
  if (who % 100 !== 7) return cells;
  const later = [...cells];
  switch (Math.floor(who / 100) % 3) {
    case 0:
      later[LAST] = `${cells[LAST]}-${from(LAST_NAMES, who, 9)}`;
      return later;
    case 1: {
      const other = student(who + 10_000_000, 6);
      [later[FIRST], later[LAST], later[EMAIL]] = [other[0]!, other[1]!, other[2]!];
      return later;
    }
    default:
      // One of the six classes: they stand in different sixths of a school's rows.
      return Math.floor(n / CLASS_SIZE) % 6 === 0 ? null : cells;
  }
}

const capital = (text: string): string =>
  text.replace(
    /(^|[.@])([a-z])/g,
    (_, sign: string, letter: string) => sign + letter.toUpperCase(),
  );

function untidy(cells: readonly string[], n: number): string[] {
  return cells.map((cell, column) => {
    if (cell.includes('@')) return capital(cell);
    if (column === cells.length - 1) return cell.padStart(2, '0');
    if ((n + column) % 5 === 0) return `${cell} `;
    return cell.replace("'", '’');
  });
}

const quoteIfNeeded = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

/** The file in blocks of about 256 KiB. */
export function* roster(count: number, shape: Shape = 'plain'): Generator<Buffer> {
  const write = shape === 'quoted' ? quote : quoteIfNeeded;
  const encoding = shape === 'windows-1252' ? 'latin1' : 'utf8';
  let text = `${COLUMNS.map(shape === 'quoted' ? quote : (name) => name).join(',')}\r\n`;
  let n = 0;
  for (const row of rows(count, shape)) {
    const cells = shape === 'untidy' ? untidy(row, n++) : row;
    text += `${cells.map(write).join(',')}\r\n`;
    if (text.length < BLOCK) continue;
    yield Buffer.from(text, encoding);
    text = '';
  }
  yield Buffer.from(text, encoding);
}

export const writeRoster = (file: string, count: number, shape?: Shape): Promise<void> =>
  pipeline(Readable.from(roster(count, shape)), createWriteStream(file));

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [count, file, shape = 'plain'] = process.argv.slice(2);
  if (!(Number(count) > 0) || file === undefined || !SHAPES.some((one) => one === shape)) {
    console.error(`usage: npx tsx bench/generate.ts ROWS FILE [${SHAPES.join(' | ')}]`);
    process.exit(2);
  }
  await writeRoster(file, Number(count), shape as Shape);
}
