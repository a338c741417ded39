import type { Migration } from './index.js';

/**
 * A plan may be a part of what its file says (`scope`, made from the plan `whole_hash`); what it
 * leaves out is the plan of a run of its own, which is `rest_of` that one and was read by
 * `read_run`. `choices` is what a person could let through of a plan that is held.
 */
export const planScopes: Migration = {
  name: '018-plan-scopes',
  async up(db) {
    await db.raw(`
      alter table rollcall.districts add column isolate_schools boolean not null default true`);
    await db.raw(`
      alter table rollcall.runs add column rest_of integer, add column read_run integer`);
    await db.raw(`
      alter table rollcall.plans
        add column scope jsonb,
        add column whole_hash text,
        add column isolated boolean not null default false,
        add column choices jsonb not null default '[]'`);
  },
};
