import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { findingsLine, styleOf, totalsLine } from '../run-words.js';
import { count, many, moment, span } from '../text.js';
import type { RunRecord } from '../../../store/types.js';

export const runs: CommandSpec = {
  name: 'runs',
  summary: 'list a district’s sync runs, newest first',
  about: 'Changes are written +added (or back) ~changed -gone.',
  args: [DISTRICT],
  options: [{ flags: '--limit <n>', about: 'only the newest n (default: 20; --json: all)' }],
  examples: ['runs maple-valley', 'runs maple-valley --json'],
  async run(run) {
    const { io, options } = run;
    const { readCount } = await import('../read-count.js');
    const limit = readCount(options.text('limit'), '--limit');
    const { rollcall } = await run.open();
    const id = argument(run);
    const all = await rollcall.runs(id);
    io.answer(limit === undefined ? all : all.slice(0, limit));
    if (all.length === 0) return io.say(`${id} has had no sync run yet.`);
    const shown = all.slice(0, limit ?? 20);
    const { table } = await import('../table.js');
    io.say(
      table<RunRecord>(
        io,
        [
          { title: 'run', of: ({ run }) => run, right: true },
          {
            title: 'kind',
            of: ({ kind, undoes }) => (undoes === null ? kind : `undo of ${undoes}`),
          },
          {
            title: 'outcome',
            of: ({ outcome, restOf }) =>
              `${outcome ?? 'under way'}${restOf === null ? '' : ` (rest of ${restOf})`}`,
            style: ({ outcome }) => styleOf(outcome),
          },
          {
            title: 'rows',
            of: ({ file }) => (file?.rows == null ? null : count(file.rows)),
            right: true,
          },
          { title: 'students', of: ({ changes }) => totalsLine(changes?.students) },
          { title: 'classes', of: ({ changes }) => totalsLine(changes?.classes) },
          { title: 'enrollments', of: ({ changes }) => totalsLine(changes?.enrollments) },
          ...(shown.some(({ outside }) => outside !== null)
            ? [{ title: 'left out', of: leftOut }]
            : []),
          { title: 'findings', of: ({ findings, problem }) => problem ?? findingsLine(findings) },
          { title: 'started', of: ({ startedAt }) => moment(startedAt) },
          { title: 'took', of: took, right: true },
        ],
        shown,
      ),
    );
    if (shown.length < all.length)
      io.say(`\n  ${count(all.length - shown.length)} older: --limit ${all.length}`);
  },
};

const took = ({ startedAt, endedAt }: RunRecord): string | null =>
  endedAt === null ? null : span(Date.parse(endedAt) - Date.parse(startedAt));

/** Classes outside the district's filter. */
const leftOut = ({ outside }: RunRecord): string | null =>
  outside && many(outside.classes, 'class', 'classes');
