import type { Migration } from './index.js';

/** What the reader put right by itself. `before` and `after` may be cells of the district's file. */
export const repairs: Migration = {
  name: '008-repairs',
  async up(db) {
    await db.raw(`
      create table rollcall.repairs (
        district_key integer not null,
        run          integer not null,
        seq          integer not null,
        code         text not null,
        line         integer not null,
        col          text,
        "before"     text not null,
        "after"      text not null,
        row_count    integer not null,
        more         integer,
        primary key (district_key, run, seq),
        foreign key (district_key, run) references rollcall.runs
      )`);
  },
};
