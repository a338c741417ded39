import { isFilter, type RosterFilter } from '../../../roster/filter.js';
import type { ColumnMapping, Findings, ReadResult } from '../../../roster/read-roster.js';
import { argument, type CommandSpec, type Run } from '../command.js';
import type { OpenRoster } from '../check/open-roster.js';
import { readColumns } from '../../column-mapping.js';
import { readFilter } from '../../filter-input.js';
import { FILTER_OPTIONS, filterGiven } from '../filter-options.js';
import { clean, many } from '../text.js';

export const check: CommandSpec = {
  name: 'check',
  summary: 'read a roster file and say what is wrong with it; needs no server',
  about:
    'The same reading as in a sync. Status 0: no errors. 1: errors, whose rows would be left out. 2: the file cannot be used at all.',
  args: [['<file>', 'a roster as CSV']],
  options: [
    { flags: '--report <out.csv>', about: 'write all findings to this file' },
    {
      flags: '--corrected <out.csv>',
      about: 'write the rows that can be used to this file, the others to out.rejected.csv',
    },
    {
      flags: '--column <header=column>',
      about: 'what a header of the file means, as `district set` keeps it; may be repeated',
      repeated: true,
    },
    ...FILTER_OPTIONS,
  ],
  examples: [
    'check roster.csv',
    'check roster.csv --column "Learner Mail=student_email"',
    'check roster.csv --only-school 003',
    'check roster.csv --report findings.csv',
    'check roster.csv --corrected mended.csv',
  ],
  async run(run) {
    const { assertApart, openRoster } = await import('../check/open-roster.js');
    const { rejectedName } = await import('../check/write-corrected.js');
    const name = argument(run);
    const report = run.options.text('report');
    const corrected = run.options.text('corrected');
    const columns = readColumns(run.options.list('column') ?? []);
    const filter = readFilter(filterGiven(run.options) ?? {});
    const roster = await openRoster(run.cwd, name);
    try {
      await assertApart(run.cwd, roster.file, [
        ...(report === undefined ? [] : [['--report', report] as const]),
        ...(corrected === undefined
          ? []
          : [
              ['--corrected', corrected] as const,
              ['--corrected', corrected && rejectedName(corrected)] as const,
            ]),
      ]);
      return await checkFile(run, roster, { name, report, corrected, columns, filter });
    } finally {
      await roster.close();
    }
  },
};

interface Wanted {
  readonly name: string;
  readonly report: string | undefined;
  readonly corrected: string | undefined;
  readonly columns: ColumnMapping;
  readonly filter: RosterFilter;
}

async function checkFile(run: Run, roster: OpenRoster, wanted: Wanted) {
  const { name, report, corrected, columns, filter } = wanted;
  const { io, cwd } = run;
  const result = await read(run, roster, { columns, filter });
  const { checkFindings, checkSummary } = await import('../../../roster/report.js');
  const { sayChecked, sayRefused } = await import('../check/show.js');
  const summary = checkSummary(result);
  const findings = Object.assign(checkFindings(result), { length: lengthOf(result) });
  if (report !== undefined) {
    const { writeFindings } = await import('../write-findings.js');
    const written = await writeFindings(cwd, report, findings);
    io.remark(`${many(written.count, 'finding')} written to ${clean(written.file)}`);
  }
  if (corrected !== undefined && result.ok) {
    const { writeCorrectedFiles } = await import('../check/write-corrected.js');
    await writeCorrectedFiles(run, corrected, roster, result, columns);
  }
  await io.answerList(summary, 'findings', findings);
  if (!result.ok) return sayRefused(io, roster.file, summary);
  const again =
    Object.keys(columns).length > 0 || isFilter(filter)
      ? 'the same command with'
      : `npx rollcall check ${clean(name)}`;
  const all = report === undefined ? `${again} --report findings.csv` : null;
  sayChecked(io, roster.file, summary, findings, all);
  return summary.ok ? 0 : 1;
}

const lengthOf = (result: ReadResult): Findings['length'] =>
  result.ok ? result.findings.length : 1;

async function read(
  { io }: Run,
  roster: OpenRoster,
  how: Pick<Wanted, 'columns' | 'filter'>,
): Promise<ReadResult> {
  const { readRoster } = await import('../../../roster/read-roster.js');
  const { readingMeter } = await import('../meter.js');
  const onProgress = readingMeter(io, roster.size);
  try {
    const result = await readRoster(roster.bytes(), () => undefined, { ...how, onProgress });
    await roster.assertUnchanged();
    return result;
  } finally {
    io.progress(null);
  }
}
