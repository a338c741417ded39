import type { Migration } from './index.js';

/**
 * A first load puts half a million students into classes: as one row each, text and all, the plan
 * cost more than the roster. A class and action is one row now, with the keys of the people; and
 * a change knows the key of what it is about, which it gets when it is planned, so that the plan
 * can point at things that are not there yet. Plans that wait are of the old kind: a newer run
 * makes them anew.
 */
export const planPairs: Migration = {
  name: '010-plan-pairs',
  async up(db) {
    await db.raw('alter table rollcall.runs add column staged_things integer');
    await db.raw('alter table rollcall.plan_changes add column entity bigint');
    await db.raw(`
      create table rollcall.plan_pairs (
        district_key integer not null,
        run          integer not null,
        kind         text not null check (kind in ('classTeachers', 'enrollments')),
        action       text not null check (action in ('added', 'reactivated', 'deactivated')),
        class_key    bigint not null,
        class_id     text collate "C" not null,
        school       text collate "C",
        people       bigint[] not null check (cardinality(people) > 0),
        digest       bigint not null,
        primary key (district_key, run, kind, action, class_key)
      )`);
    await db.raw(`
      update rollcall.plans set state = 'superseded', closed_at = now() where state = 'waiting'`);
    for (const [kind, table] of [
      ['schools', 'schools'],
      ['classes', 'classes'],
      ['teachers', 'teachers'],
      ['students', 'students'],
    ] as const) {
      const id = { schools: 'school_id', classes: 'class_id' }[kind as 'schools'] ?? 'email';
      await db.raw(
        `update rollcall.plan_changes c set entity = r.key from rollcall.${table} r
         where c.kind = ? and r.district_key = c.district_key and r.${id} = c.key`,
        [kind],
      );
    }
    for (const [kind, people] of [
      ['classTeachers', 'teachers'],
      ['enrollments', 'students'],
    ]) {
      await db.raw(
        `insert into rollcall.plan_pairs
         select c.district_key, c.run, c.kind, c.action, k.key, k.class_id, min(c.school),
                array_agg(p.key order by p.key),
                bit_xor(hashtextextended(p.email, 0))
         from rollcall.plan_changes c
         join rollcall.classes k on k.district_key = c.district_key and k.class_id = c.key
         join rollcall.${people} p on p.district_key = c.district_key and p.email = c.other
         where c.kind = ? group by c.district_key, c.run, c.kind, c.action, k.key, k.class_id`,
        [kind!],
      );
    }
    await db.raw(
      `delete from rollcall.plan_changes where kind in ('classTeachers', 'enrollments')`,
    );
    await db.raw('alter table rollcall.plan_changes drop column other');
    for (const kind of ['schools', 'teachers', 'classes', 'students']) {
      // A key at a time is one write to the log in 32; a first load takes a hundred thousand.
      await db.raw(`alter table rollcall.${kind} alter column key set cache 200`);
    }
    // That pairs point at something is seen to once an apply, by the closing guard.
    for (const table of ['class_teachers', 'enrollments']) {
      await db.raw(`drop function rollcall.${table}_whole() cascade`);
    }
    // Every single change of a plan, for people who look into it.
    await db.raw(`
      create view rollcall.plan_lines as
      select district_key, run, kind, action, key, null::text as other, school, old, new
      from rollcall.plan_changes
      union all
      select p.district_key, p.run, p.kind, p.action, p.class_id,
             coalesce(t.email, s.email, c.key), p.school, null, null
      from rollcall.plan_pairs p cross join unnest(p.people) as one (person)
      left join rollcall.teachers t on p.kind = 'classTeachers' and t.key = one.person
      left join rollcall.students s on p.kind = 'enrollments' and s.key = one.person
      left join rollcall.plan_changes c
        on t.key is null and s.key is null and c.district_key = p.district_key and c.run = p.run
       and c.entity = one.person
       and c.kind = case p.kind when 'enrollments' then 'students' else 'teachers' end`);
  },
};
