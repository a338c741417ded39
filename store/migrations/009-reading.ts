import type { Migration } from './index.js';

/**
 * How a district's file is to be read, and how a run has read it (store/reading.ts): the same
 * bytes say the same thing only where the two are equal. What is not set is not in the object.
 */
export const reading: Migration = {
  name: '009-reading',
  async up(db) {
    for (const table of ['districts', 'runs']) {
      await db.raw(`
        alter table rollcall.${table} add column reading jsonb not null default '{}'
          check (jsonb_typeof(reading) = 'object')`);
    }
  },
};
