/** Sentences and tables that several letters share. */
import { adviceFor, heldLines } from '../../roster/limits/words.js';
import { KINDS, type HeldLimit, type Kind } from '../../workflows/contract.js';
import { oneLine, type LetterFacts, type PlanFacts, type RunFacts } from './letter.js';

export const count = (number: number, one: string, many: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

const UNITS = [
  { ms: 86_400_000, name: 'day' },
  { ms: 3_600_000, name: 'hour' },
  { ms: 60_000, name: 'minute' },
] as const;

/** `14 days`, `3 hours`: rounded to the largest unit that fits. @param ms milliseconds */
export function span(ms: number): string {
  const unit = UNITS.find((one) => ms >= one.ms) ?? { ms: 1000, name: 'second' };
  return count(Math.round(ms / unit.ms), unit.name, `${unit.name}s`);
}

/** `A, B and C`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export const products = ({ products }: LetterFacts): string =>
  listed(products.map(({ name }) => name)) || 'our products';

/** Where the file goes, as a table. */
export function howToUpload({ upload }: LetterFacts): string[] {
  if (upload.to === 'district') {
    return [
      `We fetch the file from your own server, as agreed. It belongs there as\n  ${upload.path}`,
      'Always use that name; when the file changes, replace it.',
    ];
  }
  const facts = [
    ['Server', upload.host],
    ['Port', String(upload.port)],
    ...signIn(upload.username),
    ['File', upload.path],
    ['Host key', upload.hostKey],
  ];
  return [
    'It goes to our SFTP server, with any SFTP program (FileZilla, WinSCP, Cyberduck, or the one in your student information system):',
    facts.map(([name = '', value = '']) => `  ${name.padEnd(11)}${value}`).join('\n'),
    'On the first visit your program may ask whether to trust our server: yes, if it shows that host key. Always use that file name; when the file changes, replace it.',
  ];
}

const signIn = (username: string | null): string[][] =>
  username === null
    ? [['Account', 'support gives you a user name and a password for it']]
    : [
        ['User name', username],
        ['Password', 'you get one on your page; it is shown once'],
      ];

/** When the next night is; null before the district is live. */
export const nextNight = ({
  district: { live, nightlyAt, timeZone },
}: LetterFacts): string | null =>
  live ? `at ${nightlyAt} (${timeZone}), unless the nightly updates are paused` : null;

/** The heaviest causes, one bullet each, with what to do about it. */
export function causeList({ causes, moreCauses }: RunFacts): string[] {
  if (causes.length === 0) return [];
  const bullets = causes.map(({ code, message, fix, people, rows }) => {
    const many = count(rows, 'row', 'rows');
    const sizes = [
      // Sentences on rows that contradict each other say their number themselves.
      ...(rows === 0 || message.includes(many) ? [] : [many]),
      ...(people > 0 ? [count(people, 'student', 'students')] : []),
      code,
    ];
    return `  - ${message} (${sizes.join(', ')})\n    ${fix}`;
  });
  const more =
    moreCauses > 0
      ? [`  - and ${count(moreCauses, 'other kind', 'other kinds')}, on your page`]
      : [];
  return [[...bullets, ...more].join('\n')];
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  schools: 'Schools',
  teachers: 'Teachers',
  classes: 'Classes',
  classTeachers: 'Class teachers',
  students: 'Students',
  enrollments: 'Enrolments',
};

/** What a plan would change, as a table of counts. */
export function changeTable({ changes, seats }: PlanFacts): string {
  const numbers = KINDS.map((kind) => {
    const { added, changed, reactivated, deactivated } = changes[kind];
    return tableRow(KIND_NAMES[kind], [added, changed, reactivated, deactivated]);
  });
  const head = tableRow('', ['new', 'changed', 'back', 'removed']);
  const { after, before, licensed, buffer } = seats;
  const within =
    after > licensed && after <= licensed + buffer ? `, within the buffer of ${buffer}` : '';
  const seatLine = `  Seats: ${after} of ${licensed} (now ${before}${within})`;
  return [head, ...numbers, seatLine].join('\n');
}

const tableRow = (name: string, cells: readonly (string | number)[]): string =>
  `  ${name.padEnd(16)}${cells.map((cell) => String(cell).padStart(10)).join('')}`;

/** The limits that a plan is over, with counts and school ids, and what to do about them. */
export function limitList({ held, room }: PlanFacts): string[] {
  if (held.length === 0) return [];
  return [
    heldLines(held.map(inOneLine))
      .map((line) => `  - ${line}`)
      .join('\n'),
    ...(room ? [roomWords(room)] : []),
    ...adviceFor(held),
  ];
}

/** A school id comes from the district's file. */
const inOneLine = (held: HeldLimit): HeldLimit => ({
  ...held,
  school: held.school === null ? null : oneLine(held.school, 60),
});

const roomWords = ({ protected: kept, duplicates }: NonNullable<PlanFacts['room']>): string =>
  `What would make room: ${count(kept, 'student', 'students')} in no good row, who stay because a bad row is or may be about them (mended rows show who has left), and ${count(duplicates, 'seat', 'seats')} of probable duplicates (the plan shows which).`;

export const commands = (...lines: readonly string[]): string =>
  lines.map((line) => `  npx rollcall ${line}`).join('\n');
