import type { Migration } from './index.js';

/**
 * Whom a finding is about and how many people it touches, and the causes of a run: findings put
 * together once, when the file is read, as a page or a mail must not read a million findings.
 * `subject`, `value` and "values" hold cells of the district's file: for its own eyes.
 */
export const reports: Migration = {
  name: '007-reports',
  async up(db) {
    await db.raw(`
      alter table rollcall.findings add column subject text, add column people integer`);
    await db.raw(`
      create table rollcall.causes (
        district_key  integer not null,
        run           integer not null,
        seq           integer not null,
        code          text not null,
        severity      text not null check (severity in ('error', 'warning', 'note')),
        col           text,
        subject       text,
        people        integer not null,
        row_count     integer not null,
        finding_count integer not null,
        lines         integer[] not null,
        more_lines    integer not null,
        "values"      text[] not null,
        message       text not null,
        fix           text not null,
        primary key (district_key, run, seq),
        foreign key (district_key, run) references rollcall.runs
      )`);
  },
};
