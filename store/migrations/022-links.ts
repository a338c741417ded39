import type { Migration } from './index.js';

/**
 * Which pairs of a plan may be the same thing under another key, or were taken for it; and what
 * people have answered. `answers` counts those of a district, and says of a plan how many it knew:
 * the same bytes say the same thing only with the same answers.
 */
export const links: Migration = {
  name: '022-links',
  async up(db) {
    await db.raw(`
      create table rollcall.plan_links (
        district_key integer not null,
        run          integer not null,
        kind         text not null check (kind in ('schools', 'teachers', 'classes', 'students')),
        entity       bigint not null,
        new_key      text collate "C" not null,
        is_same      boolean not null,
        same_name    boolean not null,
        grade_fits   boolean,
        shared       integer not null,
        of_old       integer not null,
        of_new       integer
      )`);
    await db.raw('create index plan_links_run on rollcall.plan_links (district_key, run)');
    await db.raw(`
      create table rollcall.link_answers (
        district_key integer not null references rollcall.districts,
        kind         text not null check (kind in ('schools', 'teachers', 'classes', 'students')),
        entity       bigint not null,
        new_key      text collate "C" not null check (new_key <> ''),
        is_same      boolean not null,
        answered_by  text not null,
        answered_at  timestamptz not null default now(),
        primary key (district_key, kind, entity, new_key)
      )`);
    // Nobody is two others, and no two are one.
    for (const side of ['entity', 'new_key']) {
      await db.raw(`
        create unique index link_answers_${side} on rollcall.link_answers
          (district_key, kind, ${side}) where is_same`);
    }
    // Whom a bad row protects, with the line of that row; also of what is staged at this moment.
    await db.raw('alter table rollcall.plan_kept add column line integer');
    const staged = await db.raw<{ rows: { name: string }[] }>(
      `select tablename as name from pg_tables
       where schemaname = 'rollcall' and tablename ~ '^rejected_[0-9]+_[0-9]+$'`,
    );
    for (const { name } of staged.rows) {
      await db.raw(`alter table rollcall.${name} add column line integer`);
    }
    for (const table of ['districts', 'plans']) {
      await db.raw(`alter table rollcall.${table} add column answers integer not null default 0`);
    }
    await planLines(db);
  },
};

/** Every single change of a plan, now with the line of the file that names it first. */
async function planLines(db: Parameters<Migration['up']>[0]): Promise<void> {
  await db.raw(`
    create or replace view rollcall.plan_lines as
    select district_key, run, kind, action, key, null::text as other, school, old, new, line
    from rollcall.plan_changes
    union all
    select p.district_key, p.run, p.kind, p.action, p.class_id,
           coalesce(t.email, s.email, c.key), p.school, null, null, null::integer
    from rollcall.plan_pairs p cross join unnest(p.people) as one (person)
    left join rollcall.teachers t on p.kind = 'classTeachers' and t.key = one.person
    left join rollcall.students s on p.kind = 'enrollments' and s.key = one.person
    left join rollcall.plan_changes c
      on t.key is null and s.key is null and c.district_key = p.district_key and c.run = p.run
     and c.entity = one.person
     and c.kind = case p.kind when 'enrollments' then 'students' else 'teachers' end`);
  // The same counted, without taking half a million pairs apart.
  await db.raw(`
    create view rollcall.plan_line_counts as
    select district_key, run, school, kind, action, count(*) as count
    from rollcall.plan_changes group by district_key, run, school, kind, action
    union all
    select district_key, run, school, kind, action, sum(cardinality(people))
    from rollcall.plan_pairs group by district_key, run, school, kind, action`);
}
