/**
 * The single changes of a plan, and who was kept. Names and addresses: for support's own eyes, never
 * for a log, a mail or a history. All of it is read through the view `rollcall.plan_lines`.
 */
import { KINDS } from '../../roster/plan-types.js';
import type { Db } from '../db.js';
import { districtKey, rows } from '../sql.js';
import type { Kind, PlanLine, RunRef } from '../types.js';

export interface Wanted {
  /** The district's own school_ids; without it: all. */
  readonly schools?: readonly string[];
  readonly kinds?: readonly Kind[];
}

const PAGE = 5_000;
/** Who goes is what a plan is looked at for; who comes is most often the most. */
const ORDER = ['deactivated', 'changed', 'reactivated', 'added'];
const COLUMNS = 'kind, action, key, other, school, old, new, line';
const place = (all: readonly string[], column: string): string =>
  `array_position(array[${all.map((one) => `'${one}'`).join(', ')}], ${column})`;
const WITHIN = `${place(ORDER, 'action')}, key collate "C", other collate "C"`;

/**
 * All that are wanted: by school, kind and action. A cursor, as there may be a million and the
 * server sorts them once; the reader may be as slow as it likes.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function* eachPlanLine(
  db: Db,
  { district, run }: RunRef,
  wanted: Wanted = {},
): AsyncGenerator<PlanLine> {
  const key = await districtKey(db, district);
  const { where, bindings } = filter(wanted);
  const trx = await db.transaction({ isolationLevel: 'repeatable read' });
  try {
    await trx.raw("set local work_mem = '64MB'");
    await trx.raw(
      `declare lines no scroll cursor for
       select ${COLUMNS} from rollcall.plan_lines where district_key = ? and run = ? ${where}
       order by school collate "C" nulls last, ${place(KINDS, 'kind')}, ${WITHIN}`,
      [key, run, ...bindings] as never,
    );
    for (;;) {
      const page = await rows<PlanLine>(trx, `fetch ${PAGE} from lines`);
      yield* page;
      if (page.length < PAGE) return;
    }
  } finally {
    await trx.rollback();
  }
}

export interface LineGroup {
  readonly school: string | null;
  readonly kind: Kind;
  /** How many there are of each action. */
  readonly counts: Readonly<Partial<Record<PlanLine['action'], number>>>;
  /** The first of them. */
  readonly lines: readonly PlanLine[];
}

export interface LineGroups {
  readonly groups: readonly LineGroup[];
  /** How many schools there are, of which the first are in `groups`. */
  readonly schools: number;
}

/**
 * The first `most` of each kind in the first `mostSchools`, with the counts of all: what is shown of
 * a plan that nobody would read to its end. Only the pairs of those schools are taken apart.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function planLineGroups(
  db: Db,
  { district, run }: RunRef,
  wanted: Wanted,
  { most, mostSchools }: { readonly most: number; readonly mostSchools: number },
): Promise<LineGroups> {
  const key = await districtKey(db, district);
  const { where, bindings } = filter(wanted);
  const counts = await rows<Count>(
    db,
    `select school, kind, action, count::int from rollcall.plan_line_counts
     where district_key = ? and run = ? ${where}
     order by school collate "C" nulls last, ${place(KINDS, 'kind')}`,
    [key, run, ...bindings],
  );
  const schools = [...new Set(counts.map(({ school }) => school))];
  const shown = schools.slice(0, mostSchools);
  const first = await firstLines(db, { key, run, shown, most }, wanted);
  const groups = new Map<string, Count[]>();
  for (const one of counts.filter(({ school }) => shown.includes(school))) {
    const name = groupName(one);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return {
    schools: schools.length,
    groups: [...groups].map(([name, all]) => ({
      ...{ school: all[0]!.school, kind: all[0]!.kind },
      counts: Object.fromEntries(all.map(({ action, count }) => [action, count])),
      lines: first.filter((line) => groupName(line) === name),
    })),
  };
}

interface Count extends Pick<PlanLine, 'school' | 'kind' | 'action'> {
  readonly count: number;
}
const groupName = ({ school, kind }: Pick<PlanLine, 'school' | 'kind'>): string =>
  JSON.stringify([school, kind]);

interface Shown {
  readonly key: number;
  readonly run: number;
  readonly shown: readonly (string | null)[];
  readonly most: number;
}

function firstLines(db: Db, { key, run, shown, most }: Shown, { kinds }: Wanted) {
  const named = shown.filter((school) => school !== null);
  const { where, bindings } = filter(kinds ? { kinds } : {});
  return rows<PlanLine>(
    db,
    `select ${COLUMNS} from (
       select ${COLUMNS}, row_number() over (partition by school, kind order by ${WITHIN}) as place
       from rollcall.plan_lines
       where district_key = ? and run = ? and (school = any (?::text[])
             ${shown.includes(null) ? 'or school is null' : ''}) ${where}) one
     where place <= ? order by ${WITHIN}`,
    [key, run, named, ...bindings, most],
  );
}

function filter({ schools, kinds }: Wanted): {
  readonly where: string;
  readonly bindings: readonly (readonly string[])[];
} {
  return {
    where: `${schools ? 'and school = any (?::text[])' : ''} ${kinds ? 'and kind = any (?::text[])' : ''}`,
    bindings: [...(schools ? [schools] : []), ...(kinds ? [kinds] : [])],
  };
}
