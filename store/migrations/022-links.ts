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
    for (const table of ['districts', 'plans']) {
      await db.raw(`alter table rollcall.${table} add column answers integer not null default 0`);
    }
  },
};
