/**
 * The file knows people by their address, classes and schools by an id. Where one of those has
 * changed, a new thing comes as an old one goes; taken as it stands, all that a product keeps for
 * the old one would be lost. Such a pair is one thing with another key, if nothing else is
 * possible:
 *
 * | what    | is the same one, if both have                                                        |
 * |---------|--------------------------------------------------------------------------------------|
 * | school  | the same name, and half of the old one's classes are in the new one                  |
 * | class   | the same school, a teacher in common, and three fifths of either's students in common |
 * | student | the same names, no other grade but the next, and half of the old one's classes        |
 * | teacher | the same names, and half of the old one's classes                                     |
 *
 * Names count without case. Each must be the only one that it could be, on either side; for
 * classes of the same students and teacher the name decides. Whom a rejected row speaks of is left
 * alone. What fits twice, or only by name, grade and school, is told (`unclear`), so that a person
 * looks at it.
 *
 * Works on the tables of file-says.ts and absent.ts before pairs are told: the file's thing gets
 * the old one's key, and `old_email`, `old_class_id` or `old_school_id` says what it was called.
 */
import type { Db } from '../db.js';
import type { HeldLimit } from '../types.js';
import { first, run } from '../sql.js';

export type Linked = 'schools' | 'classes' | 'students' | 'teachers';
export type LinkCounts = Readonly<Record<Linked, number>>;
export interface Links {
  /** Things with another key, taken for the same. */
  readonly renamed: LinkCounts;
  /** New ones that may be one who goes, or may not. */
  readonly unclear: LinkCounts;
  /** People who have both another first and another last name: perhaps others, with an old address. */
  readonly reused: Readonly<Record<'students' | 'teachers', number>>;
}
export const NO_LINKS: LinkCounts = Object.freeze({
  schools: 0,
  classes: 0,
  students: 0,
  teachers: 0,
});

export interface StagedTables {
  readonly staged: string;
  readonly rejected: string;
}

/** Schools come first: classes are looked for within theirs. */
export async function linkRenames(
  trx: Db,
  districtKey: number,
  tables: StagedTables,
): Promise<Links> {
  const renamed: Record<Linked, number> = { ...NO_LINKS };
  const unclear: Record<Linked, number> = { ...NO_LINKS };
  for (const rule of RULES) {
    const kind = rule.kind;
    if (!(await mayBe(trx, kind))) continue;
    await run(trx, rule.candidates(tables), [districtKey]);
    await run(trx, only(kind));
    renamed[kind] = await link(trx, rule);
    unclear[kind] = await countUnclear(trx, kind);
  }
  const reused = {
    students: await countReused(trx, 'students'),
    teachers: await countReused(trx, 'teachers'),
  };
  return { renamed, unclear, reused };
}

/** Changed places are the reader's to tell; a name that is written in capitals now is the same. */
async function countReused(trx: Db, kind: 'students' | 'teachers'): Promise<number> {
  const found = await first<{ count: number }>(
    trx,
    `select count(*)::int as count from file_${kind} f
     where f.action = 'changed' and f.old_email is null
       and lower(f.first_name) <> lower(f.old_first_name)
       and lower(f.last_name) <> lower(f.old_last_name)
       and (lower(f.first_name), lower(f.last_name))
           <> (lower(f.old_last_name), lower(f.old_first_name))`,
  );
  return found?.count ?? 0;
}

interface Rule {
  readonly kind: Linked;
  readonly key: string;
  /**
   * Makes `link_<kind>` (n, key, old_key, same_name, fits, near): pairs of a new and an absent thing
   * that may be the same. `fits`: all that the table asks for is so; `near`: it is not, and yet a
   * person may know better.
   */
  readonly candidates: (tables: StagedTables) => string;
}

const mayBe = async (trx: Db, kind: Linked): Promise<boolean> => {
  const found = await first<{ some: boolean }>(
    trx,
    `select exists (select from file_${kind} where action = 'added')
        and exists (select from absent_${kind}) as some`,
  );
  return found?.some ?? false;
};

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
      create temp table link_${kind} on commit drop as
      with gone as materialized (
        select r.* from absent_${kind} a join rollcall.${kind} r on r.key = a.key
        where r.district_key = ? and ${unnamed(rejected, `${who}_email`, 'r.email')}
      ),
      pairs as materialized (
        select f.n, f.key, r.key as old_key, f.school, ${graded ? NEXT_GRADE : 'true'} as same_grade
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
      select p.n, p.key, p.old_key, true as same_name,
             p.same_grade and coalesce(s.classes * 2 >= o.classes, false) as fits,
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

const RULES: readonly Rule[] = [
  {
    kind: 'schools',
    key: 'school_id',
    candidates: ({ rejected }) => `
      create temp table link_schools on commit drop as
      with pairs as materialized (
        select f.n, f.key, r.key as old_key
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
      select p.*, true as same_name, coalesce(m.classes * 2 >= o.classes, false) as fits,
             true as near
      from pairs p
      left join old o on o.old_key = p.old_key
      left join moved m on m.n = p.n and m.old_key = p.old_key`,
  },
  {
    kind: 'classes',
    key: 'class_id',
    candidates: ({ staged, rejected }) => `
      create temp table link_classes on commit drop as
      with new as materialized (
        select f.n, f.key, f.name, f.school_key, s.teachers, s.students
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
      select n.n, n.key, o.key as old_key, n.name = o.name as same_name, true as fits, false as near
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

/** `only_<kind>`: pairs of which each side fits no other one; where it does, the name decides. */
const only = (kind: Linked): string => `
  create temp table only_${kind} on commit drop as
  with counted as (
    select l.*, count(*) over (partition by n) as of_new, count(*) over (partition by old_key) as of_old,
           count(*) filter (where same_name) over (partition by n) as named_new,
           count(*) filter (where same_name) over (partition by old_key) as named_old
    from link_${kind} l where fits
  )
  select n, key, old_key from counted
  where (of_new = 1 and of_old = 1) or (same_name and named_new = 1 and named_old = 1)`;

const NAMES: Readonly<Record<Linked, readonly string[]>> = {
  schools: ['name'],
  classes: ['name', 'school_key'],
  students: ['first_name', 'last_name', 'grade_level'],
  teachers: ['first_name', 'last_name'],
};

async function link(trx: Db, { kind, key }: Rule): Promise<number> {
  const names = NAMES[kind];
  // A grade that the file does not say is the old one's, which was not known until now.
  const grade =
    kind === 'students' ? `, grade_level = coalesce(nullif(f.grade_level, ''), r.grade_level)` : '';
  const linked = await run(
    trx,
    `update file_${kind} f set key = o.old_key, action = 'changed', old_${key} = r.${key},
            ${names.map((name) => `old_${name} = r.${name}`).join(', ')} ${grade}
     from only_${kind} o join rollcall.${kind} r on r.key = o.old_key
     where f.n = o.n`,
  );
  if (linked === 0) return 0;
  await run(trx, `delete from absent_${kind} a using only_${kind} o where a.key = o.old_key`);
  if (kind === 'schools') {
    await run(
      trx,
      `update file_classes c set school_key = o.old_key,
              action = case when c.action = 'changed' and c.old_school_key = o.old_key
                             and c.name = c.old_name then null else c.action end
       from only_schools o where c.school_key = o.key`,
    );
  }
  return linked;
}

/** New ones that an absent one fits or nearly fits, and that were not linked. */
async function countUnclear(trx: Db, kind: Linked): Promise<number> {
  const found = await first<{ count: number }>(
    trx,
    `select count(distinct l.n)::int as count from link_${kind} l
     where (l.fits or l.near)
       and not exists (select from only_${kind} o where o.n = l.n or o.old_key = l.old_key)`,
  );
  return found?.count ?? 0;
}

/** As limits of nothing at all: a person says who is who. */
export function unclearLinks({ unclear, reused }: Links): readonly HeldLimit[] {
  const limits = [
    ...(['students', 'teachers', 'classes', 'schools'] as const).map(
      (kind) => [`${kind}-unclear`, unclear[kind]] as const,
    ),
    ...(['students', 'teachers'] as const).map(
      (kind) => [`${kind}-reused-address`, reused[kind]] as const,
    ),
  ];
  return limits
    .filter(([, value]) => value > 0)
    .map(([limit, value]) => ({ limit, school: null, value, allowed: 0, unit: 'count' }));
}
