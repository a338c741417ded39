/** What the last accepted file said, for the rules that compare a new file with it. */
import type {
  KnownClass,
  KnownRoster,
  KnownSchool,
  KnownStudent,
  KnownTeacher,
} from '../roster/rules/known-roster.js';
import type { Db } from './db.js';
import { districtKey, first, rows } from './sql.js';

/** Rows a question; each goes on behind the last key of the one before. */
const PAGE = 10_000;

/**
 * The roster as it stands, or null if no file was accepted yet: then there is nothing to compare
 * with. Read a page at a time, so that a million students are never held here.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function knownRoster(db: Db, district: string): Promise<KnownRoster | null> {
  const key = await districtKey(db, district);
  const state = await first<{ accepted_run: number | null }>(
    db,
    'select accepted_run from rollcall.roster_state where district_key = ?',
    [key],
  );
  if (state?.accepted_run == null) return null;
  return {
    schools: () =>
      pages<KnownSchool>(
        db,
        `select s.school_id as id, s.name, coalesce(n.students, 0)::int as students
         from rollcall.schools s
         left join (select school_key, count(*) as students
                    from (select distinct c.school_key, e.student_key
                          from rollcall.enrollments e
                          join rollcall.classes c on c.key = e.class_key
                                                 and c.district_key = e.district_key
                          where e.district_key = ? and e.active) one
                    group by school_key) n
           on n.school_key = s.key
         where s.district_key = ? and s.active and s.school_id > ? order by s.school_id`,
        [key, key],
        ({ id }) => id,
      ),
    classes: () =>
      pages<KnownClass>(
        db,
        `select c.class_id as id, c.name, coalesce(n.students, 0)::int as students
         from rollcall.classes c
         left join (select class_key, count(*) as students from rollcall.enrollments
                    where district_key = ? and active group by class_key) n
           on n.class_key = c.key
         where c.district_key = ? and c.active and c.class_id > ? order by c.class_id`,
        [key, key],
        ({ id }) => id,
      ),
    teachers: () =>
      pages<KnownTeacher>(
        db,
        `select email, first_name as "firstName", last_name as "lastName"
         from rollcall.teachers
         where district_key = ? and active and email > ? order by email`,
        [key],
        ({ email }) => email,
      ),
    students: () =>
      pages<KnownStudent>(
        db,
        `select email, first_name as "firstName", last_name as "lastName",
                grade_level as "gradeLevel"
         from rollcall.students
         where district_key = ? and active and email > ? order by email`,
        [key],
        ({ email }) => email,
      ),
  };
}

async function* pages<T>(
  db: Db,
  sql: string,
  bindings: readonly number[],
  keyOf: (row: T) => string,
): AsyncGenerator<readonly T[]> {
  let last = '';
  for (;;) {
    const page = await rows<T>(db, `${sql} limit ${PAGE}`, [...bindings, last]);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = keyOf(page.at(-1)!);
  }
}
