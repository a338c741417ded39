/**
 * The people whose logins the district tries: few, but over as many schools and stages of school
 * as there are. Chosen from the roster, always the same for the same roster, kept with the run.
 */
import type { Db } from './db.js';
import { districtKey, first, rows, run as execute, unknownRun } from './sql.js';
import type { RunRef } from './types.js';

const STUDENTS = 6;
const TEACHERS = 3;

/** One candidate for each school and group: the first by email. */
interface Candidate {
  readonly key: string;
  readonly school: string;
  /** For students elementary, middle, high or other; for teachers nothing. */
  readonly band: string;
}

/**
 * Covers as much as `limit` people can: each next one is of the school, then of the band, that was
 * chosen least until now.
 */
export function cover(candidates: readonly Candidate[], limit: number): Candidate[] {
  const left = [...candidates];
  const chosen: Candidate[] = [];
  const taken = (pick: (one: Candidate) => string, value: string): number =>
    chosen.filter((one) => pick(one) === value).length;
  const cost = (one: Candidate): number =>
    taken((other) => other.school, one.school) * 2 + taken((other) => other.band, one.band) * 2.01;
  while (left.length > 0 && chosen.length < limit) {
    const costs = left.map(cost);
    const [best] = left.splice(costs.indexOf(Math.min(...costs)), 1);
    if (best) chosen.push(best);
  }
  return chosen;
}

/**
 * Chooses up to 6 active students and 3 active teachers; asked again, the first choice stands.
 * @returns how many were chosen @throws StoreError RUN_UNKNOWN, DISTRICT_UNKNOWN
 */
export async function chooseSamples(
  db: Db,
  ref: RunRef,
): Promise<{ students: number; teachers: number }> {
  const key = await districtKey(db, ref.district);
  return db.transaction(async (trx) => {
    const locked = await first(
      trx,
      'select 1 from rollcall.runs where district_key = ? and run = ? for no key update',
      [key, ref.run],
    );
    if (!locked) throw unknownRun(ref.run);
    const known = await countSamples(trx, key, ref.run);
    if (known.students + known.teachers > 0) return known;
    await keep(trx, key, ref.run, 'student', cover(await students(trx, key), STUDENTS));
    await keep(trx, key, ref.run, 'teacher', cover(await teachers(trx, key), TEACHERS));
    return countSamples(trx, key, ref.run);
  });
}

const BAND = `case when p.grade_level in ('TK', 'PK', 'K', '1', '2', '3', '4', '5') then 'elementary'
                   when p.grade_level in ('6', '7', '8') then 'middle'
                   when p.grade_level in ('9', '10', '11', '12', '13') then 'high'
                   else 'other' end`;

const students = (db: Db, key: number): Promise<Candidate[]> =>
  candidates(db, key, 'students', 'enrollments', 'student_key', BAND);
const teachers = (db: Db, key: number): Promise<Candidate[]> =>
  candidates(db, key, 'teachers', 'class_teachers', 'teacher_key', `''`);

function candidates(
  db: Db,
  key: number,
  people: string,
  pairs: string,
  who: string,
  band: string,
): Promise<Candidate[]> {
  return rows<Candidate>(
    db,
    `select distinct on (s.school_id, band) p.key, s.school_id as school, ${band} as band
     from rollcall.${people} p
     join rollcall.${pairs} e on e.district_key = p.district_key and e.${who} = p.key and e.active
     join rollcall.classes c on c.key = e.class_key and c.active and c.district_key = p.district_key
     join rollcall.schools s on s.key = c.school_key
     where p.district_key = ? and p.active
     order by s.school_id, band, p.email`,
    [key],
  );
}

async function keep(
  db: Db,
  key: number,
  run: number,
  kind: 'student' | 'teacher',
  people: readonly Candidate[],
): Promise<void> {
  await execute(
    db,
    `insert into rollcall.samples (district_key, run, kind, seq, person_key)
     select ?, ?, ?, seq, person from unnest(?::bigint[]) with ordinality as chosen (person, seq)`,
    [key, run, kind, people.map((one) => one.key)],
  );
}

async function countSamples(
  db: Db,
  key: number,
  run: number,
): Promise<{ students: number; teachers: number }> {
  const found = await first<{ students: number; teachers: number }>(
    db,
    `select count(*) filter (where kind = 'student')::int as students,
            count(*) filter (where kind = 'teacher')::int as teachers
     from rollcall.samples where district_key = ? and run = ?`,
    [key, run],
  );
  return found ?? { students: 0, teachers: 0 };
}
