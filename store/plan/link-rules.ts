/**
 * Which pairs of a new thing and one that goes may be the same, as the table in renames.ts has it:
 * a statement for each kind, over the tables of file-says.ts and absent.ts.
 */
import type { Linked } from '../types.js';

export interface StagedTables {
  readonly staged: string;
  readonly rejected: string;
}

export interface Rule {
  readonly kind: Linked;
  readonly key: string;
  /**
   * Yields pairs of a new and an absent thing that may be the same: (n, key, new_key, old_key,
   * same_name, grade_fits, shared, of_old, of_new, fits, near). `shared` counts classes that people
   * or schools have in common, of a class its students, `of_old` and `of_new` how many there are.
   * `fits`: all that the table asks for is so; `near`: it is not, and yet a person may know better.
   */
  readonly candidates: (tables: StagedTables) => string;
}

/** Whom no rejected row names by that key. */
const unnamed = (rejected: string, column: string, key: string): string =>
  `not exists (select from ${rejected} x where x.${column} = ${key})`;

/** The file's new people with the classes that they are in, by the roster's keys. */
const classesOfNew = (staged: string, people: string): string => `
  select p.n, c.key as class_key
  from (select n, unnest(${people}) as person from ${staged} where kind = 'c') m
  join file_classes c on c.n = m.n
  join file_${people} p on p.n = m.person and p.action = 'added'`;

const people = (kind: 'students' | 'teachers'): Rule => {
  const graded = kind === 'students';
  const pairs = graded ? 'enrollments' : 'class_teachers';
  const who = graded ? 'student' : 'teacher';
  return {
    kind,
    key: 'email',
    candidates: ({ staged, rejected }) => `
      with gone as materialized (
        select r.* from absent_${kind} a join rollcall.${kind} r on r.key = a.key
        where r.district_key = ? and ${unnamed(rejected, `${who}_email`, 'r.email')}
      ),
      pairs as materialized (
        select f.n, f.key, f.email as new_key, r.key as old_key, f.school, ${graded ? NEXT_GRADE : 'true'} as same_grade
        from file_${kind} f
        join gone r
          on (lower(r.first_name), lower(r.last_name)) = (lower(f.first_name), lower(f.last_name))
        where f.action = 'added'
      ),
      known as materialized (
        select p.old_key, e.class_key, s.school_id
        from (select distinct old_key from pairs) p
        join rollcall.${pairs} e on e.${who}_key = p.old_key and e.active
        join rollcall.classes c on c.key = e.class_key
        join rollcall.schools s on s.key = c.school_key
      ),
      old as materialized (select old_key, count(*) as classes from known group by old_key),
      new as materialized (${classesOfNew(staged, kind)}),
      shared as materialized (
        select p.n, p.old_key, count(*) as classes
        from pairs p join known k on k.old_key = p.old_key
        join new on new.n = p.n and new.class_key = k.class_key
        group by p.n, p.old_key
      ),
      near as materialized (
        select distinct p.n, p.old_key from pairs p
        join known k on k.old_key = p.old_key and k.school_id = p.school
        where p.same_grade
      )
      select p.n, p.key, p.new_key, p.old_key, true as same_name, p.same_grade as grade_fits,
             coalesce(s.classes, 0)::int as shared, coalesce(o.classes, 0)::int as of_old,
             null::int as of_new, p.same_grade and coalesce(s.classes * 2 >= o.classes, false) as fits,
             near.n is not null as near
      from pairs p
      left join old o on o.old_key = p.old_key
      left join shared s on s.n = p.n and s.old_key = p.old_key
      left join near on near.n = p.n and near.old_key = p.old_key`,
  };
};

const GRADES = `array['TK', 'PK', 'K', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13']`;
/** The same, the next, or one of the two is not known. */
const NEXT_GRADE = `
  (f.grade_level in ('', r.grade_level) or r.grade_level = ''
   or array_position(${GRADES}, f.grade_level) = array_position(${GRADES}, r.grade_level) + 1)`;

export const RULES: readonly Rule[] = [
  {
    kind: 'schools',
    key: 'school_id',
    candidates: ({ rejected }) => `
      with pairs as materialized (
        select f.n, f.key, f.school_id as new_key, r.key as old_key
        from file_schools f
        join rollcall.schools r on lower(r.name) = lower(f.name)
        join absent_schools a on a.key = r.key
        where f.action = 'added' and r.district_key = ?
          and ${unnamed(rejected, 'school_id', 'r.school_id')}
      ),
      old as (
        select p.old_key, count(*) as classes from (select distinct old_key from pairs) p
        join rollcall.classes c on c.school_key = p.old_key and c.active group by p.old_key
      ),
      moved as (
        select p.n, p.old_key, count(*) as classes from pairs p
        join file_classes c on c.school_key = p.key and c.old_school_key = p.old_key
                           and c.action <> 'added' group by p.n, p.old_key
      )
      select p.*, true as same_name, null::boolean as grade_fits,
             coalesce(m.classes, 0)::int as shared, coalesce(o.classes, 0)::int as of_old,
             null::int as of_new, coalesce(m.classes * 2 >= o.classes, false) as fits, true as near
      from pairs p
      left join old o on o.old_key = p.old_key
      left join moved m on m.n = p.n and m.old_key = p.old_key`,
  },
  {
    kind: 'classes',
    key: 'class_id',
    candidates: ({ staged, rejected }) => `
      with new as materialized (
        select f.n, f.key, f.class_id, f.name, f.school_key, s.teachers, s.students
        from file_classes f join ${staged} s on s.kind = 'c' and s.n = f.n
        where f.action = 'added'
      ),
      old as materialized (
        select r.key, r.name, r.school_key from rollcall.classes r
        join absent_classes a on a.key = r.key
        where r.district_key = ? and ${unnamed(rejected, 'class_id', 'r.class_id')}
      ),
      old_students as materialized (
        select o.key as class_key, e.student_key as key from old o
        join rollcall.enrollments e on e.class_key = o.key and e.active
      ),
      sizes as materialized (select class_key, count(*) as students from old_students group by class_key),
      shared as materialized (
        select m.n, b.class_key, count(*) as students
        from (select n, unnest(students) as person from new) m
        join file_students p on p.n = m.person
        join old_students b on b.key = p.key group by m.n, b.class_key
      ),
      taught as materialized (
        select distinct m.n, ct.class_key
        from (select n, unnest(teachers) as person from new) m
        join file_teachers p on p.n = m.person
        join rollcall.class_teachers ct on ct.teacher_key = p.key and ct.active
        join old o on o.key = ct.class_key
      )
      select n.n, n.key, n.class_id as new_key, o.key as old_key, n.name = o.name as same_name,
             null::boolean as grade_fits, s.students::int as shared, z.students::int as of_old,
             cardinality(n.students) as of_new, true as fits, false as near
      from shared s
      join new n on n.n = s.n
      join old o on o.key = s.class_key and o.school_key = n.school_key
      join sizes z on z.class_key = s.class_key
      join taught t on t.n = s.n and t.class_key = s.class_key
      where s.students * 5 >= cardinality(n.students) * 3 and s.students * 5 >= z.students * 3`,
  },
  people('students'),
  people('teachers'),
];
