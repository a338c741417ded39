import type { Migration } from './index.js';

/**
 * A run may stage how its file differs from the last accepted one, and is then planned from that
 * alone: `base_run` is that run, and the roster must stand as it left it. Who was absent from it
 * and kept all the same is a candidate for leaving again, so that is kept with its plan.
 */
export const deltas: Migration = {
  name: '016-deltas',
  async up(db) {
    await db.raw('alter table rollcall.runs add column base_run integer');
    await db.raw('alter table rollcall.roster_state add column accepted_version bigint');
    await db.raw(`
      create table rollcall.plan_kept (
        district_key integer not null,
        run          integer not null,
        kind         text not null,
        entity       bigint not null,
        person       bigint
      )`);
    await db.raw('create index plan_kept_run on rollcall.plan_kept (district_key, run)');
  },
};
