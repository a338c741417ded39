import type { Migration } from './index.js';

/**
 * Which classes of a district's file are wanted stands in `reading`, beside how the file is read;
 * `outside` counts what that left out of a run. A filter is looked at before it counts, so a
 * district has one preview at a time: the filter that was asked about, and, once a worker has read
 * the file with it, what would come of it.
 */
export const filter: Migration = {
  name: '021-filter',
  async up(db) {
    await db.raw('alter table rollcall.runs add column outside jsonb');
    await db.raw(`
      create table rollcall.filter_previews (
        district_key integer primary key references rollcall.districts on delete cascade,
        id           text not null unique default left(replace(gen_random_uuid()::text, '-', ''), 10),
        filter       jsonb not null,
        asked_at     timestamptz not null default now(),
        result       jsonb
      )`);
  },
};
