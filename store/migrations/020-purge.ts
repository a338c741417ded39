import type { Migration } from './index.js';

const THINGS = ['schools', 'teachers', 'classes', 'students'] as const;

/**
 * Since when somebody is away, after how many days that ends, and what is on record of it. What was
 * purged stays in the history as a change without a key, so that counts, hashes and the numbers of
 * runs hold. Pairs have no time of their own: they go with the person or class that they belong to.
 */
export const purge: Migration = {
  name: '020-purge',
  async up(db) {
    await db.raw(`
      alter table rollcall.districts add column purge_after_days integer not null default 365
        check (purge_after_days between 30 and 3650)`);
    for (const kind of THINGS) {
      await db.raw(`alter table rollcall.${kind} add column inactive_since timestamptz`);
      await db.raw(
        `update rollcall.${kind} r set inactive_since = coalesce(gone.at, now())
         from rollcall.${kind} x
         left join (
           select c.district_key, c.entity, max(p.closed_at) as at
           from rollcall.plan_changes c join rollcall.plans p using (district_key, run)
           where c.kind = '${kind}' and p.state = 'applied' and c.action = 'deactivated'
           group by c.district_key, c.entity
         ) gone on gone.district_key = x.district_key and gone.entity = x.key
         where x.key = r.key and not r.active`,
      );
      await db.raw(`
        alter table rollcall.${kind}
          add constraint ${kind}_inactive_since check (active = (inactive_since is null))`);
      await db.raw(`
        create index ${kind}_inactive on rollcall.${kind} (district_key, inactive_since)
        where not active`);
    }
    await db.raw('alter table rollcall.plan_changes alter column key drop not null');
    await db.raw('alter table rollcall.plan_pairs alter column class_id drop not null');
    await db.raw(`
      alter table rollcall.plan_left alter column key drop not null,
        drop constraint plan_left_why_check,
        add constraint plan_left_why_check
          check (why in ('changed', 'needed', 'outside', 'purged'))`);
    // Null: what was found in the run's file, line by line, is still kept.
    await db.raw('alter table rollcall.runs add column forgotten_at timestamptz');
    await db.raw(`
      create table rollcall.purges (
        district_key integer not null references rollcall.districts,
        purged_at    timestamptz not null default now(),
        away_before  timestamptz not null,
        schools      integer not null,
        teachers     integer not null,
        classes      integer not null,
        students     integer not null
      )`);
    await db.raw('create index purges_district on rollcall.purges (district_key, purged_at)');
  },
};
