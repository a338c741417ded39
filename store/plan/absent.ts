/**
 * Who is active in the roster and in no accepted row (things first, and pairs once it is known
 * which things are the same under another key): `absent_schools`, `absent_teachers`,
 * `absent_classes`, `absent_students`, `absent_class_teachers`, `absent_enrollments`. They are
 * the candidates for leaving; protect.ts says who stays all the same (`kept`), and because of
 * which line of the file.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export async function findAbsent(
  trx: Db,
  districtKey: number,
  which: 'things' | 'pairs',
): Promise<void> {
  for (const { table, keys } of allOf(which)) await absent(trx, districtKey, table, keys);
}

interface Of {
  readonly kind: string;
  readonly table: string;
  readonly keys: readonly string[];
}
const ALL: readonly Of[] = [
  { kind: 'schools', table: 'schools', keys: ['key'] },
  { kind: 'teachers', table: 'teachers', keys: ['key'] },
  { kind: 'classes', table: 'classes', keys: ['key'] },
  { kind: 'students', table: 'students', keys: ['key'] },
  { kind: 'classTeachers', table: 'class_teachers', keys: ['class_key', 'teacher_key'] },
  { kind: 'enrollments', table: 'enrollments', keys: ['class_key', 'student_key'] },
];
const allOf = (which: 'things' | 'pairs'): readonly Of[] =>
  ALL.filter(({ keys }) => (keys.length === 1) === (which === 'things'));
const ID: Readonly<Record<string, string>> = {
  schools: 'school_id',
  teachers: 'email',
  classes: 'class_id',
  students: 'email',
};

/**
 * The same where only the difference to the file of run `base` is staged, and the roster stands as
 * that left it: absent can only be what that file said and this one does not (`gone`), and who
 * was absent from that file already and kept.
 */
export async function findGone(
  trx: Db,
  districtKey: number,
  which: 'things' | 'pairs',
  gone: string,
  base: number,
): Promise<void> {
  for (const { kind, table, keys } of allOf(which)) {
    const people = table === 'class_teachers' ? 'teachers' : 'students';
    const named =
      keys.length === 1
        ? `select r.key as entity, null::bigint as person from ${gone} g
           join rollcall.${table} r on r.district_key = ? and r.${ID[kind]} = g.id
           where g.kind = '${kind}'`
        : `select c.key as entity, p.key as person from ${gone} g
           join rollcall.classes c on c.district_key = ? and c.class_id = g.id
           join rollcall.${people} p on p.district_key = c.district_key and p.email = g.email
           where g.kind = '${kind}'`;
    const match = (one: string): string =>
      keys.map((key, n) => `${one}.${key} = x.${n === 0 ? 'entity' : 'person'}`).join(' and ');
    await run(
      trx,
      `create temp table absent_${table} on commit drop as
       select ${keys.map((key) => `r.${key}`).join(', ')}, false as kept, null::integer as line
       from (${named} union
             select entity, person from rollcall.plan_kept
             where district_key = ? and run = ? and kind = '${kind}') x
       join rollcall.${table} r on r.district_key = ? and ${match('r')}
       where r.active and not exists (select from file_${table} f where ${match('f')})`,
      [districtKey, districtKey, base, districtKey],
    );
    await run(trx, `analyze absent_${table}`);
  }
}

/** Keeps with the plan who is absent and stays: the next file may not mention them either. */
export async function keepKept(trx: Db, districtKey: number, number: number): Promise<void> {
  for (const { kind, table, keys } of ALL) {
    await run(
      trx,
      `insert into rollcall.plan_kept (district_key, run, kind, entity, person, line)
       select ?::int, ?::int, '${kind}', ${keys.length === 1 ? `key, null` : keys.join(', ')}, line
       from absent_${table} where kept`,
      [districtKey, number],
    );
  }
}

/**
 * Keeps whom the plan of that run kept, of the same file. What a rejected row may mean is read out
 * of the roster; where a part of the file is in it already, it says less than it did before.
 */
export async function keepAsBefore(trx: Db, districtKey: number, before: number): Promise<void> {
  for (const { kind, table, keys } of ALL) {
    const [entity, person] = keys;
    await run(
      trx,
      `update absent_${table} a set kept = true, line = k.line from rollcall.plan_kept k
       where not a.kept and k.district_key = ? and k.run = ? and k.kind = '${kind}'
         and k.entity = a.${entity} ${person === undefined ? '' : `and k.person = a.${person}`}`,
      [districtKey, before],
    );
  }
}

async function absent(
  trx: Db,
  districtKey: number,
  kind: string,
  columns: readonly string[],
): Promise<void> {
  await run(
    trx,
    `create temp table absent_${kind} on commit drop as
     select ${columns.map((name) => `r.${name}`).join(', ')}, false as kept, null::integer as line
     from rollcall.${kind} r
     where r.district_key = ? and r.active
       and not exists (select from file_${kind} f
                       where ${columns.map((name) => `f.${name} = r.${name}`).join(' and ')})`,
    [districtKey],
  );
  await run(trx, `analyze absent_${kind}`);
}
