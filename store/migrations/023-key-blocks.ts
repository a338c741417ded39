import type { Migration } from './index.js';

/**
 * The keys of a first load are a block of a plan's own and the numbers of its file
 * (plan/all-new.ts): 2^26 keys each, from 2^40 on, where one key at a time never comes.
 */
export const keyBlocks: Migration = {
  name: '023-key-blocks',
  async up(db) {
    await db.raw(`
      create sequence rollcall.key_blocks start with 16384 minvalue 16384 maxvalue 134217727`);
  },
};
