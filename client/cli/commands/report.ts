import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { readCount } from '../read-count.js';
import { changesLine, findingsLine, paintOutcome } from '../run-words.js';
import { clean, count, many, moment } from '../text.js';
import { usage } from '../../errors.js';
import type { ArchivedRecord } from '../../../store/types.js';
import type { FindingLine } from '../../../roster/reports/findings-csv.js';

export const report: CommandSpec = {
  name: 'report',
  summary: 'show what a run found in the district’s file',
  about:
    'Without RUN: the newest run that read a file. --csv writes all findings, for the district.',
  args: [DISTRICT, ['[run]', 'the number of the run; `runs` lists them']],
  options: [{ flags: '--csv <out.csv>', about: 'write all findings to this file' }],
  examples: ['report maple-valley', 'report maple-valley 3 --csv findings.csv'],
  async run(run) {
    const { io } = run;
    const id = argument(run);
    const csv = run.options.text('csv');
    const number = readCount(run.args[1], 'RUN');
    const { rollcall } = await run.open();
    const {
      run: record,
      read,
      archived,
      causes,
      repairs,
      findings,
    } = await rollcall.report(id, number);
    const { withSentence } = await import('../../../roster/reports/findings-csv.js');
    const lines = { [Symbol.asyncIterator]: () => map(findings(), withSentence) };
    if (csv !== undefined) {
      if (csv === '') throw usage('CANNOT_WRITE', '--csv: give the path of a file.');
      const { writeFindings } = await import('../write-findings.js');
      const written = await writeFindings(run.cwd, csv, lines);
      io.remark(`${many(written.count, 'finding')} written to ${clean(written.file)}`);
    }
    const totals = read?.findings ?? null;
    const readBy = read?.run ?? null;
    await io.answerList(
      { ...record, totals, readBy, archived, causes, repairs },
      'findings',
      lines,
    );
    const { rows } = read?.file ?? record.file ?? {};
    io.say(
      `Run ${record.run} of ${id}: ${paintOutcome(io, record.outcome)}${record.problem ? ` (${record.problem})` : ''}, ${record.kind}, ${moment(record.startedAt)}`,
    );
    if (read !== null && read.run !== record.run) {
      io.say(`  the same file as in run ${read.run}, which found:`);
    }
    if (rows != null) {
      io.say(
        `  ${many(rows, 'row')}: ${count(read?.accepted ?? 0)} accepted, ${count(read?.rejected ?? 0)} rejected`,
      );
    }
    if (archived?.kept === false) {
      const all = read?.forgottenAt ? '' : '; all that was found in it is still here';
      io.say(`  ${goneLine(archived)}${all}`);
    }
    io.say(`  changes: ${changesLine(record.changes)}`);
    io.say(`  findings: ${findingsLine(totals)}`);
    const { causeLines, findingLines, restLine, SHOWN } = await import('../finding-lines.js');
    const { errors = 0, warnings = 0, notes = 0 } = totals ?? {};
    const total = errors + warnings + notes;
    if (repairs.length > 0) {
      const { repairLines } = await import('../repair-lines.js');
      io.say(`\nPut right while reading:\n${repairLines(io, repairs)}`);
    }
    const { forgottenAt = null } = read ?? {};
    if (forgottenAt !== null) {
      io.say(
        `  what they were is not kept any more, since ${moment(forgottenAt)}: the file is too old`,
      );
    }
    if (io.json || total === 0 || forgottenAt !== null) return;
    const first: FindingLine[] = [];
    for await (const line of lines) if (first.push(line) >= SHOWN) break;
    io.say(`\nWhat to mend, by how many it touches:\n${causeLines(io, causes)}`);
    io.say(`\nLine by line:\n${findingLines(io, first)}`);
    const how = `npx rollcall report ${id} ${record.run} --csv findings.csv`;
    const rest = csv === undefined ? restLine(total, causes, how) : '';
    if (rest !== '') io.say(rest);
  },
};

/** What a report goes without, and why. */
function goneLine({ why, keepFiles }: ArchivedRecord): string {
  const because =
    why === 'old'
      ? `removed, as files are kept for ${many(keepFiles, 'day')}`
      : 'not in the archive';
  return `the file itself is gone (${because})`;
}

async function* map<T, U>(all: AsyncIterable<T>, make: (one: T) => U): AsyncGenerator<U> {
  for await (const one of all) yield make(one);
}
