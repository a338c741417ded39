import type { CommandSpec, Exit } from '../command.js';
import type { Io } from '../io.js';
import { count, many } from '../text.js';
import type { DueCounts } from '../../../store/read/purge.js';
import type { HousekeepingResult } from '../../../workflows/contract.js';

export const housekeeping: CommandSpec = {
  name: 'housekeeping',
  summary: 'end for good what is too old to be kept',
  about:
    'It runs by itself each day. Who has been away for longer than `district set --purge-after` says is purged, with all that history says of them; what was found, line by line, in files as old as that is forgotten, its counts stay. On a terminal it shows what would go and asks; elsewhere it does not ask. Nothing of it can be undone.',
  args: [['[id]', 'only this district']],
  options: [
    { flags: '--preview', about: 'only count what would go, by district; changes nothing' },
    { flags: '--yes', about: 'do not ask' },
  ],
  examples: ['housekeeping --preview', 'housekeeping maple-valley'],
  async run(run) {
    const { io, options, args } = run;
    const id = args[0];
    const { rollcall } = await run.open();
    const isPreview = options.flag('preview');
    if (isPreview || (!io.json && !options.flag('yes'))) {
      const due = await rollcall.previewHousekeeping(id);
      if (isPreview) io.answer(due);
      await showDue(io, due);
      if (isPreview) return 0;
      if (due.every(isNothing)) return 0;
      if (!(await io.confirm('Have it go for good?'))) {
        io.say('Nothing was changed.');
        return 1;
      }
    }
    const done = await rollcall.housekeeping(id);
    io.answer(done);
    return showDone(io, done);
  },
};

const isNothing = ({ students, teachers, classes, schools, reports }: DueCounts): boolean =>
  students + teachers + classes + schools + reports === 0;

async function showDue(io: Io, all: readonly DueCounts[]): Promise<void> {
  const due = all.filter((one) => !isNothing(one));
  if (due.length === 0) return io.say('Nothing is due.');
  const { table } = await import('../table.js');
  const column = (title: string, name: keyof Omit<DueCounts, 'district'>) => ({
    title,
    of: (one: DueCounts) => count(one[name]),
    right: true,
  });
  io.say(
    table(
      io,
      [
        { title: 'to go', of: ({ district }) => district },
        column('students', 'students'),
        column('teachers', 'teachers'),
        column('classes', 'classes'),
        column('schools', 'schools'),
        column('old reports', 'reports'),
      ],
      due,
    ),
  );
}

/** What the duties count, when it is one. */
const ONE: Readonly<Record<string, string>> = {
  students: 'student',
  teachers: 'teacher',
  classes: 'class',
  schools: 'school',
  reports: 'old report',
};

function showDone(io: Io, { districts, counts, failed, failures }: HousekeepingResult): Exit {
  const gone = Object.entries(counts).map(([name, one]) => many(one, ONE[name] ?? name, name));
  const what = gone.length === 0 ? 'nothing had to go' : `gone for good: ${gone.join(', ')}`;
  io.say(`${many(districts, 'district')}: ${what}.`);
  for (const { district, duty, code } of failures) {
    io.say(
      io.paint('yellow', `  ${district}: ${duty} failed (${code}); it is tried again tomorrow`),
    );
  }
  return failed === 0 ? 0 : 1;
}
