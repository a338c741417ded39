import type { Migration } from './index.js';

/** What a plan was judged by beside its changes, and the way to the runs of the last days. */
export const planLimits: Migration = {
  name: '015-plan-limits',
  async up(db) {
    await db.raw(`
      alter table rollcall.plans
        add column seat_buffer integer not null default 0,
        add column seat_room jsonb`);
    await db.raw(`
      create index plans_applied on rollcall.plans (district_key, closed_at)
      where state = 'applied'`);
  },
};
