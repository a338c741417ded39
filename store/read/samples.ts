/** The sample logins for the district's page. Holds names: never for a mail, a log or a history. */
import type { Db } from '../db.js';
import { districtKey, first, rows } from '../sql.js';
import type { SampleLogins, SampleStudent, SampleTeacher } from '../types.js';

/** Those that were chosen last and are still active. @throws StoreError DISTRICT_UNKNOWN */
export async function getSamples(db: Db, district: string): Promise<SampleLogins> {
  const key = await districtKey(db, district);
  const newest = await first<{ run: number | null }>(
    db,
    'select max(run) as run from rollcall.samples where district_key = ?',
    [key],
  );
  const run = newest?.run ?? null;
  if (run === null) return { run, students: [], teachers: [] };
  const students = await people<SampleStudent>(db, key, run, {
    kind: 'student',
    table: 'students',
    pairs: 'enrollments',
    more: 'p.grade_level as "gradeLevel",',
  });
  const teachers = await people<SampleTeacher>(db, key, run, {
    kind: 'teacher',
    table: 'teachers',
    pairs: 'class_teachers',
    more: '',
  });
  return { run, students, teachers };
}

function people<T>(
  db: Db,
  key: number,
  run: number,
  from: { kind: 'student' | 'teacher'; table: string; pairs: string; more: string },
): Promise<T[]> {
  return rows<T>(
    db,
    `select p.email, p.first_name as "firstName", p.last_name as "lastName", ${from.more}
            coalesce((select min(s.name) from rollcall.${from.pairs} e
                      join rollcall.classes c on c.key = e.class_key
                      join rollcall.schools s on s.key = c.school_key
                      where e.${from.kind}_key = p.key and e.active), '') as school
     from rollcall.samples x join rollcall.${from.table} p on p.key = x.person_key and p.active
     where x.district_key = ? and x.run = ? and x.kind = ? order by x.seq`,
    [key, run, from.kind],
  );
}
