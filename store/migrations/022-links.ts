import type { Migration } from './index.js';

/** Which pairs of a plan may be the same thing under another key, or were taken for it. */
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
  },
};
