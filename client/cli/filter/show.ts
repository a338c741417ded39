/** What `filter` shows of a filter before it counts. */
import { changesTable } from '../change-tables.js';
import { limitLine, seatsLine } from '../held-words.js';
import { filterLines, unknownLine } from '../filter-words.js';
import type { Io } from '../io.js';
import { table } from '../table.js';
import { count, many } from '../text.js';
import type { FilterSeen } from '../../types.js';
import type { SchoolInside, Share } from '../../../roster/filter/preview.js';
import type { FilteredFile, PreviewedPlan } from '../../../store/read/filter.js';

const SCHOOLS_SHOWN = 40;
const LIMITS_SHOWN = 10;

export function showFilter(io: Io, id: string, seen: FilterSeen): void {
  const lines = filterLines(seen.filter);
  io.say(`${io.paint('bold', 'This filter')} for ${id}:`);
  for (const line of lines.length > 0 ? lines : ['none: every class of the file']) {
    io.say(`  ${line}`);
  }
  switch (seen.state) {
    case 'no-file':
      return io.say('\nNo file has come yet, so there is nothing to try it on.');
    case 'gone':
      return io.say(
        `\nThe newest file is not kept any more: npx rollcall sync ${id} fetches it, then look again.`,
      );
    case 'unreadable':
      return io.say(`\nThe newest file cannot be read (${seen.problem}); that comes first.`);
    case 'nothing':
      return showFile(io, seen);
    case 'ready':
      showFile(io, seen);
      return showPlan(io, seen.plan);
  }
}

function showFile(io: Io, seen: FilteredFile): void {
  const kinds = (['schools', 'classes', 'teachers', 'students'] as const).map((kind) => ({
    kind,
    ...seen[kind],
  }));
  type Row = (typeof kinds)[number];
  io.say(
    `\n${table<Row>(
      io,
      [
        { title: `file of run ${seen.file.run}`, of: ({ kind }) => kind },
        { title: 'inside', of: ({ inside }) => count(inside), right: true },
        { title: 'left out', of: ({ all, inside }) => count(all - inside), right: true },
        { title: 'of', of: ({ all }) => count(all), right: true },
      ],
      kinds,
    )}`,
  );
  const shown = seen.bySchool.slice(0, SCHOOLS_SHOWN);
  const share = ({ inside, all }: Share): string => `${count(inside)} of ${count(all)}`;
  io.say(
    `\n${table<SchoolInside>(
      io,
      [
        { title: 'school', of: ({ school }) => school },
        { title: 'name', of: ({ name }) => name },
        { title: 'classes', of: ({ classes }) => share(classes), right: true },
        { title: 'students', of: ({ students }) => share(students), right: true },
      ],
      shown,
    )}`,
  );
  const rest = seen.bySchool.length - shown.length;
  if (rest > 0) io.say(`  and ${many(rest, 'school')} more: --json`);
  if (seen.unknown.length > 0) {
    io.say(`\n${io.paint('yellow', 'Nothing in that file matches')} ${unknownLine(seen.unknown)}`);
  }
  if (seen.classes.inside === 0) {
    io.say(
      `\n${io.paint('red', 'No class would be left')}, so it cannot be set: it would take everybody out.`,
    );
  }
}

function showPlan(io: Io, { changes, seats, held, kept }: PreviewedPlan): void {
  io.say(`\n${io.paint('bold', 'What a sync of that file would do to the roster as it stands')}`);
  io.say(`  seats ${seatsLine(io, seats)}`);
  io.say(
    `\n${changesTable(io, changes, [
      { title: 'kept though absent', of: ({ kind }) => count(kept[kind]), right: true },
    ])}`,
  );
  if (held.length === 0) return io.say('\n  within all limits');
  io.say(`\n${io.paint('yellow', 'It would be held until you approve it')}, being over a limit:`);
  for (const one of held.slice(0, LIMITS_SHOWN)) io.say(`  ${limitLine(one)}`);
  if (held.length > LIMITS_SHOWN) io.say(`  and ${count(held.length - LIMITS_SHOWN)} more: --json`);
}
