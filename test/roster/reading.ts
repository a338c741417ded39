/** Reads texts and bytes as the reader gets them, in pieces. */
import { createHash } from 'node:crypto';
import { COLUMNS } from '../../roster/columns.js';
import type { Column } from '../../roster/columns.js';
import { readRoster } from '../../roster/read-roster.js';
import type {
  ReadOptions,
  ReadResult,
  ReadRow,
  RosterRead,
  RosterRefused,
} from '../../roster/read-roster.js';
import type { FileSays } from '../../roster/file-says.js';
import type { Finding } from '../../roster/findings.js';

export const HEADER = COLUMNS.join(',');

/** One honest row; what is given replaces its cells. */
export const cells = (change: Partial<Record<Column, string>> = {}): Record<Column, string> => ({
  school_id: '0012',
  school_name: 'Maple High',
  teacher_email: 'grace.kim@district.example',
  teacher_first_name: 'Grace',
  teacher_last_name: 'Kim',
  class_id: '007',
  class_name: 'Science 7',
  student_first_name: 'Zoë',
  student_last_name: 'Ito',
  student_email: 'zoe.ito@students.example',
  student_grade_level: '7',
  ...change,
});

export const line = (change: Partial<Record<Column, string>> = {}): string => {
  const row = cells(change);
  return COLUMNS.map((column) => row[column]).join(',');
};
/** A student of their own with address `<name>@students.example`. */
export const student = (name: string, change: Partial<Record<Column, string>> = {}): string =>
  line({ student_first_name: name, student_email: `${name}@students.example`, ...change });

export const file = (...lines: readonly string[]): string => [HEADER, ...lines, ''].join('\n');

/** The bytes in pieces of the given sizes, over and over. */
export async function* pieces(
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let n = 0; at < bytes.length; n++) {
    const size = Math.max(1, sizes[n % sizes.length]!);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** A result whose findings are a list, to look into. */
export type ListedRead = Omit<RosterRead, 'findings' | 'says' | 'snapshot' | 'difference'> & {
  readonly findings: readonly Finding[];
  readonly says: ReturnType<typeof listed>;
  readonly snapshot: string;
};

export const hashOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** A reading as plain data, its snapshot by its hash. */
export function asLists(result: ReadResult): ListedResult {
  if (!result.ok) return result;
  const { findings, says, snapshot, difference: _, ...rest } = result;
  const kept = hashOf(Buffer.concat([...snapshot()]));
  return { ...rest, findings: [...findings], says: listed(says), snapshot: kept };
}

/** All that a file says, as plain lists. */
export const listed = (says: FileSays) => ({
  schools: [...says.schools()],
  teachers: [...says.teachers()],
  classes: [...says.classes()].map((one) => ({ ...one, students: [...one.students] })),
  students: [...says.students()],
  rejected: [...says.rejected()],
});
export type ListedResult = ListedRead | RosterRefused;

export interface Reading {
  readonly result: ListedResult;
  readonly rows: readonly ReadRow[];
}
export async function read(
  content: string | Uint8Array,
  options: ReadOptions & { readonly sizes?: readonly number[] } = {},
): Promise<Reading> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const rows: ReadRow[] = [];
  const { sizes, ...rest } = options;
  const result = await readRoster(pieces(bytes, sizes), (row) => void rows.push(row), rest);
  return { result: asLists(result), rows };
}

/** A reading that must succeed. */
export async function readOk(
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<Reading & { result: ListedRead }> {
  const { result, rows } = await read(content, options);
  if (!result.ok) throw new Error(`refused: ${result.finding.code}`);
  return { result, rows };
}

/** What a refusal says, in short; throws if the file was read. */
export async function refusal(
  content: string | Uint8Array,
): Promise<{ problem: string; code: string; line: number | null }> {
  const { result } = await read(content);
  if (result.ok) throw new Error('the file was read');
  const { problem, finding } = result;
  return { problem, code: finding.code, line: finding.line };
}

/** Findings as `CODE line column`, the way tests name them. */
export const short = (result: ListedResult): string[] =>
  (result.ok ? result.findings : [result.finding]).map(({ code, line: at, column }) =>
    [code, at, column].filter((part) => part !== null).join(' '),
  );

/** What a page has told as JSON, its snapshot as a list of bytes: as `read` tells it. */
export function fromPage(json: string): unknown {
  const { result, ...rest } = JSON.parse(json) as { result: { snapshot?: readonly number[] } };
  const { snapshot } = result;
  const hash = snapshot ? { snapshot: hashOf(Uint8Array.from(snapshot)) } : {};
  return { result: { ...result, ...hash }, ...rest };
}
