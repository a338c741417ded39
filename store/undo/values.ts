/**
 * What an undo is about, as temporary tables. `undo_values`: every single value that the undone
 * run changed, as it was `before` and `after` that run and as it is `now`; `a` is the key of a
 * school, person or class, for a pair that of the class, with `b` for the person. `undo_later`:
 * which runs that were applied after it touched the same values again. A run is later than another
 * if its plan was applied to a later version of the roster: numbers say when runs were opened.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';

export interface Undone {
  readonly districtKey: number;
  readonly run: number;
  /** Of the roster that its plan was applied to. */
  readonly version: number;
}

/** The natural keys: a value like any other where a run has found the same one under another. */
export const KEYS = {
  schools: 'school_id',
  teachers: 'email',
  classes: 'class_id',
  students: 'email',
} as const;
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  schools: ['school_id', 'name'],
  teachers: ['email', 'first_name', 'last_name'],
  classes: ['class_id', 'name', 'school_id'],
  students: ['email', 'first_name', 'last_name', 'grade_level'],
};
export const PAIRS = [
  ['classTeachers', 'class_teachers', 'teacher_key'],
  ['enrollments', 'enrollments', 'student_key'],
] as const;

export async function gatherValues(trx: Db, undone: Undone): Promise<void> {
  const { districtKey, run: number } = undone;
  await run(
    trx,
    `create temp table undo_values (
       kind text not null, a bigint not null, b bigint not null, attr text not null,
       before text not null, after text, now text, bound bigint, why text, by_run integer
     ) on commit drop`,
  );
  for (const kind of Object.keys(ATTRIBUTES)) await run(trx, valuesOf(kind), [districtKey, number]);
  await run(trx, NOT_MOVED);
  for (const [kind, table, who] of PAIRS) {
    await run(
      trx,
      `insert into undo_values (kind, a, b, attr, before, after, now)
       select p.kind, p.class_key, one.person, 'active', (p.action = 'deactivated')::text,
              (p.action <> 'deactivated')::text, r.active::text
       from rollcall.plan_pairs p cross join unnest(p.people) as one (person)
       join rollcall.${table} r on r.district_key = p.district_key
         and r.class_key = p.class_key and r.${who} = one.person
       where p.kind = '${kind}' and p.district_key = ? and p.run = ?`,
      [districtKey, number],
    );
  }
  await run(trx, 'analyze undo_values');
  await gatherLater(trx, undone);
}

/** A class whose school got another id in the same run is where it was. */
const NOT_MOVED = `
  delete from undo_values v using undo_values s
  where v.kind = 'classes' and v.attr = 'school_id' and s.kind = 'schools'
    and s.attr = 'school_id' and (s.before, s.after) = (v.before, v.after)`;

/** Of what was added there is nothing before but that it was not there. */
function valuesOf(kind: string): string {
  const now = (attr: string): string =>
    kind === 'classes' && attr === 'school_id' ? 's.school_id' : `r.${attr}`;
  const attributes = (ATTRIBUTES[kind] ?? []).map(
    (attr) => `('${attr}', c.old->>'${attr}', coalesce(c.new, c.old)->>'${attr}', ${now(attr)})`,
  );
  const active = `('active',
    case c.action when 'deactivated' then 'true' when 'changed' then null else 'false' end,
    case c.action when 'deactivated' then 'false' else 'true' end, r.active::text)`;
  return `
    insert into undo_values (kind, a, b, attr, before, after, now)
    select c.kind, c.entity, 0, v.attr, v.before, v.after, v.now
    from rollcall.plan_changes c
    join rollcall.${kind} r on r.key = c.entity and r.district_key = c.district_key
    ${kind === 'classes' ? 'join rollcall.schools s on s.key = r.school_key' : ''}
    cross join lateral (values ${[active, ...attributes].join(', ')})
      as v (attr, before, after, now)
    where c.kind = '${kind}' and c.district_key = ? and c.run = ?
      and v.before is not null and v.before is distinct from v.after`;
}

/** The runs that were applied later; `undoes` is the version of what an undo among them undid. */
export const LATER = `
  select p.district_key, p.run, p.roster_version as version, u.roster_version as undoes
  from rollcall.plans p
  join rollcall.runs r on r.district_key = p.district_key and r.run = p.run
  left join rollcall.plans u on u.district_key = r.district_key and u.run = r.undoes
  where p.state = 'applied' and p.district_key = ? and p.roster_version > ?`;

async function gatherLater(trx: Db, { districtKey, version }: Undone): Promise<void> {
  await run(
    trx,
    `create temp table undo_later on commit drop as
     with later as (${LATER})
     select c.kind, c.entity as a, 0::bigint as b, t.attr, l.version, l.run, l.undoes
     from later l
     join rollcall.plan_changes c on c.district_key = l.district_key and c.run = l.run
     join (select distinct kind, a from undo_values) w on w.kind = c.kind and w.a = c.entity
     cross join lateral (
       select 'active' as attr where c.action <> 'changed'
       union all
       select k from jsonb_object_keys(c.new) k
       where jsonb_exists(c.old, k) and c.old->k is distinct from c.new->k) t
     union all
     select p.kind, p.class_key, one.person, 'active', l.version, l.run, l.undoes
     from later l
     join rollcall.plan_pairs p on p.district_key = l.district_key and p.run = l.run
     cross join unnest(p.people) as one (person)
     join undo_values v on v.kind = p.kind and v.a = p.class_key and v.b = one.person`,
    [districtKey, version],
  );
}
