import type { Migration } from './index.js';

/**
 * How many columns, fields or lines a finding is about: its sentence names the number, and the
 * report of a run says the same as a check of the file.
 */
export const findingCounts: Migration = {
  name: '011-finding-counts',
  async up(db) {
    await db.raw(`alter table rollcall.findings add column count integer`);
  },
};
