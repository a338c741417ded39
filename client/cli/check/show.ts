/** What `check` says to a person: the whole at a glance, then the causes, then the lines. */
import path from 'node:path';
import type { CheckFinding, CheckSummary } from '../../../roster/report.js';
import type { Exit } from '../command.js';
import { causeLines, findingLines, restLine } from '../finding-lines.js';
import type { Io } from '../io.js';
import { repairLines } from '../repair-lines.js';
import { unknownLine } from '../filter-words.js';
import { findingsLine } from '../run-words.js';
import { clean, count, many } from '../text.js';

/** Nothing of it can be used: one line says why. */
export function sayRefused(io: Io, file: string, { causes }: CheckSummary): Exit {
  const [cause] = causes;
  const where = cause?.lines[0] === undefined ? '' : ` (line ${cause.lines[0]})`;
  const why =
    cause === undefined ? 'It cannot be read.' : `${sentence(cause.message)} ${cause.fix}`;
  io.remark(`${clean(path.basename(file))}${where}: ${clean(why)}`);
  return 2;
}

type Outside = NonNullable<CheckSummary['outside']>;

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** @param all how to get all findings, or null if they were just written to a file */
export function sayChecked(
  io: Io,
  file: string,
  summary: CheckSummary,
  findings: Iterable<CheckFinding> & { readonly length: number },
  all: string | null,
): void {
  const { counts, outside, unknown, rows, accepted, rejected, totals, repairs, causes } = summary;
  const name = clean(path.basename(file));
  const verdict = summary.ok
    ? io.paint('green', 'ready to upload')
    : io.paint('red', `${many(rejected, 'row')} would be left out`);
  io.say(`${io.paint('bold', name)}: ${verdict}`);
  io.say(`  ${many(rows, 'row')}: ${count(accepted)} accepted, ${count(rejected)} rejected`);
  io.say(
    `  ${many(counts.schools, 'school')}, ${many(counts.teachers, 'teacher')}, ${many(counts.classes, 'class', 'classes')}, ${many(counts.students, 'student')}, ${many(counts.enrollments, 'enrollment')}`,
  );
  if (outside !== null) io.say(`  ${leftOut(outside)}`);
  if (unknown.length > 0) {
    io.say(`  ${io.paint('yellow', 'nothing in the file matches')} ${unknownLine(unknown)}`);
  }
  io.say(`  findings${outside === null ? '' : ', of the whole file'}: ${findingsLine(totals)}`);
  if (repairs.length > 0) io.say(`\nPut right while reading:\n${repairLines(io, repairs)}`);
  if (findings.length === 0) return;
  io.say(`\nWhat to mend, by how many it touches:\n${causeLines(io, causes)}`);
  io.say(`\nLine by line:\n${findingLines(io, findings)}`);
  const rest = all === null ? '' : restLine(findings.length, causes, all);
  if (rest !== '') io.say(rest);
}

const leftOut = ({ schools, teachers, classes, students, rows }: Outside): string =>
  `left out by the filter: ${many(schools, 'school')}, ${many(teachers, 'teacher')}, ${many(classes, 'class', 'classes')}, ${many(students, 'student')}, ${many(rows, 'good row')}`;
