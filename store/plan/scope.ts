/**
 * A part of a plan: what is out of its scope stays as it is, and waits.
 *
 * | without a school            | stays as it is                                              |
 * |-----------------------------|-------------------------------------------------------------|
 * | a class                     | if it is of that school, by the file or as it is now        |
 * | who teaches it, who is in it| if the class stays as it is                                 |
 * | a person who comes, changes | if all classes of theirs, then and now, stay as they are    |
 * | a person who leaves         | if a class that stays as it is has them now                 |
 * | a school                    | itself; and one that leaves, if such a class is of it now   |
 *
 * With additions only, besides, nobody leaves and nobody changes.
 *
 * So nothing is left dangling: who comes into a class that is not left out is not left out either,
 * nor is that class, nor its school; and a class that stays as it is keeps its people and its
 * school. The guard of an apply (apply/guard.ts) holds by construction.
 *
 * "Now" counts what is active. The rules work on the tables of file-says.ts and absent.ts: what is
 * out of scope gets no action, or is not absent. All of them are asked before any is carried out.
 */
import type { PlanScope } from '../../workflows/contract.js';
import type { Db } from '../db.js';
import { run } from '../sql.js';

/** The same scope in one form: `{}` is the whole. Schools in order, each once. */
export function scopeOf({ withoutSchools = [], additionsOnly = false }: PlanScope): PlanScope {
  const schools = [...new Set(withoutSchools)].sort();
  return {
    ...(schools.length > 0 && { withoutSchools: schools }),
    ...(additionsOnly && { additionsOnly: true }),
  };
}
export const isWhole = (scope: PlanScope): boolean => Object.keys(scopeOf(scope)).length === 0;
/** For the hash of a plan, and to compare two of them. */
export const scopeText = (scope: PlanScope): string => JSON.stringify(scopeOf(scope));

/** Takes what is out of scope out of the temporary tables that a plan is written from. */
export async function narrow(trx: Db, districtKey: number, scope: PlanScope): Promise<void> {
  const { withoutSchools = [], additionsOnly } = scopeOf(scope);
  if (withoutSchools.length > 0) await leaveOutSchools(trx, districtKey, withoutSchools);
  if (additionsOnly) {
    for (const table of THINGS) {
      await run(trx, `update file_${table} set action = null where action = 'changed'`);
    }
    for (const table of [...THINGS, ...PAIRS]) {
      await run(trx, `delete from absent_${table} where not kept`);
    }
  }
  await keepKeys(trx);
}

/** What keeps its address or id after all is called by that, also where others point at it. */
async function keepKeys(trx: Db): Promise<void> {
  for (const table of ['classes', 'students', 'teachers'] as const) {
    await run(
      trx,
      `update file_${table} f set school = s.old_school_id
       from file_schools s
       where s.school_id = f.school and s.old_school_id is not null and s.action is null`,
    );
  }
  for (const [table, key] of Object.entries(KEYS)) {
    await run(
      trx,
      `update file_${table} set ${key} = old_${key}, old_${key} = null
       where old_${key} is not null and action is null`,
    );
  }
}

const KEYS = { schools: 'school_id', teachers: 'email', classes: 'class_id', students: 'email' };
const THINGS = ['schools', 'teachers', 'classes', 'students'] as const;
const PAIRS = ['class_teachers', 'enrollments'] as const;

async function leaveOutSchools(
  trx: Db,
  districtKey: number,
  schools: readonly string[],
): Promise<void> {
  for (const [table, keys, bindings] of leftOut(districtKey, schools)) {
    await run(trx, `create temp table left_${table} on commit drop as ${keys}`, bindings);
    await run(trx, `analyze left_${table}`);
  }
  for (const table of THINGS) {
    const keys = `(select key from left_${table})`;
    await run(
      trx,
      `update file_${table} set action = null where action is not null and key in ${keys}`,
    );
    await run(trx, `delete from absent_${table} where not kept and key in ${keys}`);
  }
  for (const table of PAIRS) {
    const classes = 'class_key in (select key from left_classes)';
    await run(trx, `delete from file_${table} where ${classes}`);
    await run(trx, `delete from absent_${table} where not kept and ${classes}`);
  }
}

type Bindings = readonly (number | readonly string[])[];

/** Keys of what stays as it is: of the schools, called as they are or will be, all else follows. */
const leftOut = (
  districtKey: number,
  schools: readonly string[],
): readonly (readonly [string, string, Bindings])[] => [
  [
    'named',
    `select key from file_schools where school_id = any (?::text[])
     union
     select key from rollcall.schools where district_key = ? and school_id = any (?::text[])`,
    [schools, districtKey, schools],
  ],
  [
    'classes',
    `select f.key from file_classes f join left_named s on s.key = f.school_key
     union
     select c.key from left_named s join rollcall.classes c on c.school_key = s.key and c.active`,
    [],
  ],
  [
    'schools',
    `select key from left_named
     union
     select c.school_key from left_classes l
     join rollcall.classes c on c.key = l.key and c.active
     join absent_schools a on a.key = c.school_key`,
    [],
  ],
  ['students', people('students', 'enrollments', 'student_key'), [districtKey, districtKey]],
  ['teachers', people('teachers', 'class_teachers', 'teacher_key'), [districtKey, districtKey]],
];

/** Where only a difference is staged, the classes that somebody keeps are those of the roster. */
const people = (kind: string, pairs: string, who: string): string => `
  select w.person as key
  from (select p.${who} as person, p.class_key
        from file_${kind} f join file_${pairs} p on p.${who} = f.key
        where f.action is not null
        union
        select p.${who}, p.class_key
        from file_${kind} f join rollcall.${pairs} p
          on p.district_key = ? and p.${who} = f.key and p.active
        where f.action is not null) w
  left join left_classes l on l.key = w.class_key
  group by w.person having bool_and(l.key is not null)
  union
  select a.key
  from absent_${kind} a
  join rollcall.${pairs} p on p.district_key = ? and p.${who} = a.key and p.active
  join left_classes l on l.key = p.class_key`;
