/** The options that make a filter, of `filter` and of `check`. */
import type { OptionSpec, Options } from './command.js';
import { FILTER_FLAGS } from '../filter-input.js';
import { FILTER_KINDS, type FilterEntries, type RosterFilter } from '../../roster/filter.js';

const VALUE = {
  schools: '<id>',
  classes: '<id>',
  classNames: '<name>',
  teachers: '<email>',
} as const;
const ABOUT = {
  schools: 'classes of this school',
  classes: 'this class',
  classNames: 'classes of this name, in capitals or not',
  teachers: 'classes that this teacher has',
} as const;

export const FILTER_OPTIONS: readonly OptionSpec[] = FILTER_KINDS.flatMap((kind) => {
  const { flag } = FILTER_FLAGS[kind];
  const without =
    kind === 'teachers' ? 'no classes that have only such teachers' : `not ${ABOUT[kind]}`;
  return [
    {
      flags: `--only-${flag} ${VALUE[kind]}`,
      about: `only ${ABOUT[kind]}; may be repeated`,
      repeated: true,
    },
    {
      flags: `--without-${flag} ${VALUE[kind]}`,
      about: `${without}; may be repeated`,
      repeated: true,
    },
  ];
});

/** Null if none of them was given. */
export function filterGiven(options: Options): RosterFilter | null {
  const entries = (list: 'only' | 'without'): FilterEntries =>
    Object.fromEntries(
      FILTER_KINDS.flatMap((kind) => {
        const given = options.list(camelCase(`${list}-${FILTER_FLAGS[kind].flag}`));
        return given === undefined ? [] : [[kind, given] as const];
      }),
    );
  const filter = { only: entries('only'), without: entries('without') };
  return Object.keys({ ...filter.only, ...filter.without }).length === 0 ? null : filter;
}

const camelCase = (flag: string): string =>
  flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
