import { argument, DISTRICT, type CommandSpec, type Exit, type Run } from '../command.js';
import { FILTER_OPTIONS, filterGiven } from '../filter-options.js';
import { filterLines, outsideLine } from '../filter-words.js';
import { usage } from '../../errors.js';
import { readFilter } from '../../filter-input.js';
import type { FilterSeen } from '../../types.js';
import type { District } from '../../../store/types.js';
import type { RosterFilter } from '../../../roster/filter.js';

export const filter: CommandSpec = {
  name: 'filter',
  summary: 'take only some schools, classes or teachers of a district’s file',
  about:
    'For a district that cannot send only the classes that use the product. A class is taken if its school, its id and its name pass, and one of its teachers does; then with all its teachers and students. What is given takes the place of the filter before; a * stands for any text. It is tried on the newest file first and shown; on a terminal it is set when you say yes, elsewhere with --yes or with --confirm. Without options: what is set.',
  args: [DISTRICT],
  options: [
    ...FILTER_OPTIONS,
    { flags: '--none', about: 'no filter: take every class' },
    { flags: '--preview', about: 'only show what would come of it; sets nothing' },
    { flags: '--yes', about: 'show it and set it' },
    { flags: '--confirm <preview>', about: 'set what was shown before under this id' },
  ],
  examples: [
    'filter maple-valley --only-school 003 --only-school 004 --preview',
    'filter maple-valley --only-class-name "Science*" --without-class SCI-9*',
    'filter maple-valley --none',
  ],
  async run(run) {
    const { options } = run;
    const given = filterGiven(options);
    const none = options.flag('none');
    const confirmed = options.text('confirm');
    if ([given !== null, none, confirmed !== undefined].filter(Boolean).length > 1) {
      throw usage('BAD_FILTER', 'Give a filter, or --none, or --confirm: one of the three.');
    }
    if (confirmed !== undefined) return confirm(run, confirmed);
    const wanted = none ? {} : given && readFilter(given);
    if (wanted !== null) return look(run, wanted);
    if (options.flag('preview') || options.flag('yes')) {
      throw usage(
        'BAD_FILTER',
        'Say what filter, for example --only-school 003; --help lists all.',
      );
    }
    return show(run);
  },
};

/** What is set, and what it did to the newest file. */
async function show(run: Run): Promise<void> {
  const { io } = run;
  const id = argument(run);
  const { rollcall } = await run.open();
  const { filter: set } = await rollcall.showDistrict(id);
  const last = (await rollcall.runs(id)).find(({ outside }) => outside !== null);
  io.answer({ district: id, filter: set, run: last?.run ?? null, outside: last?.outside ?? null });
  const lines = filterLines(set);
  if (lines.length === 0) io.say(`${id} has no filter: every class of its file is taken.`);
  for (const line of lines) io.say(line);
  if (last && lines.length > 0) io.say(`In run ${last.run}, ${outsideLine(last.outside)}.`);
}

async function look(run: Run, wanted: RosterFilter): Promise<Exit> {
  const { io, options } = run;
  const id = argument(run);
  const { rollcall } = await run.open();
  io.progress(`${id}: trying it on the newest file`);
  const seen = await rollcall.previewFilter(id, wanted);
  io.progress(null);
  if (!io.json) (await import('../filter/show.js')).showFilter(io, id, seen);
  const maySet = seen.state === 'ready' || seen.state === 'no-file';
  const set = maySet && !options.flag('preview') && (await isWanted(run, seen));
  if (!set) {
    io.answer({ ...seen, set });
    if (maySet && !options.flag('preview')) {
      io.say(`Nothing was set yet. To set it: npx rollcall filter ${id} --confirm ${seen.preview}`);
      return 1;
    }
    return maySet ? 0 : 1;
  }
  const district = await rollcall.setFilter(id, seen.preview);
  io.answer({ ...seen, set });
  io.say(`\n${whenItCounts(district)}`);
  return 0;
}

/** Without a file there is nothing to have looked at, and the first plan waits in any case. */
async function isWanted({ io, options }: Run, seen: FilterSeen): Promise<boolean> {
  if (options.flag('yes') || seen.state === 'no-file') return true;
  io.say();
  return io.confirm('Set this filter?', false);
}

async function confirm(run: Run, preview: string): Promise<Exit> {
  const { io } = run;
  const id = argument(run);
  const { rollcall } = await run.open();
  const district = await rollcall.setFilter(id, preview);
  io.answer({ district: id, filter: district.filter, set: true });
  for (const line of filterLines(district.filter)) io.say(line);
  io.say(whenItCounts(district));
  return 0;
}

const whenItCounts = ({ id, liveAt }: District): string =>
  `Set. It counts from the next sync on; now: npx rollcall ${liveAt ? 'sync' : 'uploaded'} ${id}`;
