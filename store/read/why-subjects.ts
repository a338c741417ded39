/** The persons and the class that one text may name, as they are now. */
import type { Db } from '../db.js';
import { rows } from '../sql.js';

export interface Subject {
  readonly kind: 'student' | 'teacher' | 'class';
  /** The email, or the class's id. */
  readonly key: string;
  /** What products point at. */
  readonly id: string;
  /** Ours. */
  readonly entity: string;
  readonly active: boolean;
  /** Names, grade, school: whatever it has. */
  readonly now: Readonly<Record<string, string>>;
  /** Active ones: the classes of a person, by id; the people of a class, by email. */
  readonly classes: readonly { readonly key: string; readonly name: string }[];
  readonly teachers: readonly string[];
  readonly students: readonly string[];
}

const person = (kind: 'student' | 'teacher', pairs: string): string => `
  select '${kind}' as kind, p.email as key, p.id, p.key as entity, p.active,
    jsonb_build_object('first_name', p.first_name, 'last_name', p.last_name
      ${kind === 'student' ? `, 'grade_level', p.grade_level` : ''}) as now,
    (select coalesce(jsonb_agg(jsonb_build_object('key', c.class_id, 'name', c.name)
                               order by c.class_id), '[]')
     from rollcall.${pairs} e join rollcall.classes c on c.key = e.class_key
                                                      and c.district_key = p.district_key
     where e.${kind}_key = p.key and e.active) as classes,
    '{}'::text[] as teachers, '{}'::text[] as students
  from rollcall.${kind}s p where p.district_key = ? and p.email = lower(trim(?))`;

const emails = (pairs: string, who: string): string => `
  array(select p.email from rollcall.${pairs} e join rollcall.${who}s p on p.key = e.${who}_key
                                           and p.district_key = e.district_key
        where e.district_key = c.district_key and e.class_key = c.key and e.active
        order by p.email)`;

/**
 * Those who are called so; if nobody is, those who were.
 * @param what an email address or a class id, as somebody typed it
 */
export async function findSubjects(db: Db, districtKey: number, what: string): Promise<Subject[]> {
  const found = await called(db, districtKey, what);
  if (found.length > 0) return found;
  const keys = await rows<{ key: string }>(
    db,
    `select distinct coalesce(s.email, t.email, k.class_id) as key
     from rollcall.plan_changes c
     left join rollcall.students s on c.kind = 'students' and s.key = c.entity
     left join rollcall.teachers t on c.kind = 'teachers' and t.key = c.entity
     left join rollcall.classes k on c.kind = 'classes' and k.key = c.entity
     where c.district_key = ? and c.kind <> 'schools' and c.key in (lower(trim(?)), trim(?))
     limit 10`,
    [districtKey, what, what],
  );
  const all: Subject[] = [];
  for (const { key } of keys) all.push(...(await called(db, districtKey, key)));
  return all;
}

function called(db: Db, districtKey: number, what: string): Promise<Subject[]> {
  return rows<Subject>(
    db,
    `${person('student', 'enrollments')}
     union all ${person('teacher', 'class_teachers')}
     union all
     select 'class', c.class_id, c.id, c.key, c.active,
       jsonb_build_object('name', c.name, 'school_id', s.school_id), '[]'::jsonb,
       ${emails('class_teachers', 'teacher')}, ${emails('enrollments', 'student')}
     from rollcall.classes c join rollcall.schools s on s.key = c.school_key
     where c.district_key = ? and c.class_id = trim(?)`,
    [districtKey, what, districtKey, what, districtKey, what],
  );
}
