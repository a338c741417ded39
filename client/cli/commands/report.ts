import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { readCount } from '../read-count.js';
import { changesLine, findingsLine, paintOutcome } from '../run-words.js';
import { clean, count, many, moment } from '../text.js';
import { usage } from '../../errors.js';

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
    const { run: record, findings } = await rollcall.report(id, number);
    const { explain } = await import('../../../roster/findings.js');
    const { causes } = await import('../../../roster/report.js');
    const lines = findings.map((finding) => ({ ...finding, ...explain(finding) }));
    const grouped = causes(findings);
    if (csv !== undefined) {
      if (csv === '') throw usage('CANNOT_WRITE', '--csv: give the path of a file.');
      const { writeFindings } = await import('../write-csv.js');
      const written = await writeFindings(run.cwd, csv, lines);
      io.remark(`${many(lines.length, 'finding')} written to ${clean(written)}`);
    }
    io.answer({ ...record, totals: record.findings, findings: lines, causes: grouped });
    const { rows } = record.file ?? {};
    io.say(
      `Run ${record.run} of ${id}: ${paintOutcome(io, record.outcome)}${record.problem ? ` (${record.problem})` : ''}, ${record.kind}, ${moment(record.startedAt)}`,
    );
    if (rows != null) {
      io.say(
        `  ${many(rows, 'row')}: ${count(record.accepted ?? 0)} accepted, ${count(record.rejected ?? 0)} rejected`,
      );
    }
    io.say(`  changes: ${changesLine(record.changes)}`);
    io.say(`  findings: ${findingsLine(record.findings)}`);
    if (lines.length === 0) return;
    const { causeLines, findingLines, restLine, SHOWN } = await import('../finding-lines.js');
    io.say(`\nWhat to mend, by how many it touches:\n${causeLines(io, grouped)}`);
    io.say(`\nLine by line:\n${findingLines(io, lines)}`);
    if (csv === undefined && lines.length > SHOWN) {
      io.say(restLine(lines.length, `npx rollcall report ${id} ${record.run} --csv findings.csv`));
    }
  },
};
