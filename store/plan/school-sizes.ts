/**
 * How many active ones a school has, counted no further than a limit needs: with 6 leavers and 10%
 * the sixtieth student settles it. So the cost follows the change, not the school, and where a
 * school is over a limit after all, it is counted whole, for the number that is told.
 */
import type { Counted } from '../../roster/plan-types.js';
import type { Db } from '../db.js';
import { rows } from '../sql.js';

export interface SizeWanted {
  readonly school: string;
  /** As many are enough; null: all of them. */
  readonly wanted: Readonly<Record<Counted, number | null>>;
}
export type Sizes = Readonly<Record<Counted, number>>;

/** Enrolments read for each student that is wanted, growing; null: all. */
const TRIES = [2, 8, null] as const;

export async function sizesOfSchools(
  trx: Db,
  districtKey: number,
  asked: readonly SizeWanted[],
): Promise<ReadonlyMap<string, Sizes>> {
  const open = asked.filter(({ wanted }) => Object.values(wanted).some((n) => n === null || n > 0));
  if (open.length === 0) return new Map();
  const of = (kind: Counted) => open.filter(({ wanted }) => wanted[kind] !== 0);
  const classes = await countClasses(trx, districtKey, of('classes'));
  const teachers = await countPeople(trx, districtKey, 'teachers', of('teachers'));
  const students = await countPeople(trx, districtKey, 'students', of('students'));
  return new Map(
    open.map(({ school }) => [
      school,
      {
        classes: classes.get(school) ?? 0,
        teachers: teachers.get(school) ?? 0,
        students: students.get(school) ?? 0,
      },
    ]),
  );
}

type Counts = Map<string, number>;
interface Found {
  readonly school: string;
  readonly count: number;
}

async function countClasses(
  trx: Db,
  districtKey: number,
  asked: readonly SizeWanted[],
): Promise<Counts> {
  if (asked.length === 0) return new Map();
  const found = await rows<Found>(
    trx,
    `select s.school_id as school, count(*)::int as count
     from unnest(?::text[]) w (school)
     join rollcall.schools s on s.district_key = ? and s.school_id = w.school
     join rollcall.classes c on c.school_key = s.key and c.active
     group by s.school_id`,
    [asked.map(({ school }) => school), districtKey],
  );
  return new Map(found.map(({ school, count }) => [school, count]));
}

const PAIRS = {
  teachers: { table: 'class_teachers', key: 'teacher_key' },
  students: { table: 'enrollments', key: 'student_key' },
} as const;

/** A person of two schools counts in both, as in a plan's changes by school. */
async function countPeople(
  trx: Db,
  districtKey: number,
  kind: keyof typeof PAIRS,
  asked: readonly SizeWanted[],
): Promise<Counts> {
  const counts: Counts = new Map();
  const { table, key } = PAIRS[kind];
  let open = asked;
  for (const reads of TRIES) {
    if (open.length === 0) break;
    const most = open.map(({ wanted }) => {
      const many = wanted[kind];
      return many === null || reads === null ? -1 : Math.min(many * reads, 2_000_000_000);
    });
    const found = await rows<Found>(
      trx,
      `select w.school, n.count
       from unnest(?::text[], ?::int[]) w (school, most)
       join rollcall.schools s on s.district_key = ? and s.school_id = w.school
       cross join lateral (
         select count(distinct p.${key})::int as count from (
           select e.${key} from rollcall.classes c
           join rollcall.${table} e on e.district_key = c.district_key and e.class_key = c.key
           where c.school_key = s.key and c.active and e.active
           limit nullif(w.most, -1)) p) n`,
      [open.map(({ school }) => school), most, districtKey],
    );
    for (const { school, count } of found) counts.set(school, count);
    open = open.filter(({ school, wanted }, at) => {
      const many = wanted[kind];
      return most[at] !== -1 && many !== null && (counts.get(school) ?? 0) < many;
    });
  }
  return counts;
}
