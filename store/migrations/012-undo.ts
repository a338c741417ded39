import type { Migration } from './index.js';

/**
 * Undoing a run, and telling why a person or class is as it is. An undo is a run of its own that
 * names the one it undoes; its plan keeps what it had to leave as it is. A change knows the line
 * of the file that said it first.
 */
export const undo: Migration = {
  name: '012-undo',
  async up(db) {
    await db.raw('alter table rollcall.plan_changes add column line integer');
    // stood_for: the bytes that the roster stood for when the undo was applied.
    await db.raw('alter table rollcall.runs add column undoes integer, add column stood_for text');
    await db.raw('alter table rollcall.plans add column left_alone jsonb');
    await db.raw(`
      create table rollcall.plan_left (
        district_key integer not null,
        run          integer not null,
        kind         text not null,
        key          text collate "C" not null,
        other        text collate "C",
        value        text not null,
        why          text not null check (why in ('changed', 'needed', 'outside')),
        by_run       integer
      )`);
    await db.raw('create index plan_left_run on rollcall.plan_left (district_key, run)');
  },
};
