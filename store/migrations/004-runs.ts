import type { Migration } from './index.js';

/** What happened: runs, what was found, what was planned and done. Never deleted by a sync. */
export const runs: Migration = {
  name: '004-runs',
  async up(db) {
    await db.raw(`
      create table rollcall.runs (
        district_key  integer not null references rollcall.districts,
        run           integer not null check (run > 0),
        kind          text not null check (kind in ('first', 'nightly', 'manual', 'undo')),
        workflow_id   text not null,
        occasion      text not null,
        started_at    timestamptz not null default now(),
        fetched_at    timestamptz,
        sha256        text check (sha256 ~ '^[0-9a-f]{64}$'),
        bytes         bigint,
        modified_at   timestamptz,
        staged_at     timestamptz,
        row_count     integer,
        accepted      integer,
        rejected      integer,
        errors        integer,
        warnings      integer,
        notes         integer,
        applied_at    timestamptz,
        ended_at      timestamptz,
        outcome       text check (outcome in
                        ('applied', 'unchanged', 'held', 'rejected', 'refused', 'failed')),
        problem       text,
        error_code    text,
        primary key (district_key, run),
        unique (district_key, workflow_id, occasion)
      )`);
    await db.raw(`
      create table rollcall.findings (
        district_key integer not null,
        run          integer not null,
        seq          integer not null,
        code         text not null,
        severity     text not null check (severity in ('error', 'warning', 'note')),
        line         integer,
        col          text,
        value        text,
        row_count    integer not null,
        lines        integer[] not null default '{}',
        primary key (district_key, run, seq),
        foreign key (district_key, run) references rollcall.runs
      )`);
    await db.raw(`
      create table rollcall.plans (
        district_key   integer not null,
        run            integer not null,
        hash           text not null check (hash ~ '^[0-9a-f]{64}$'),
        state          text not null check (state in
                         ('waiting', 'applied', 'rejected', 'superseded', 'expired', 'dropped')),
        roster_version bigint not null,
        seats_licensed integer not null,
        seats_before   integer not null,
        seats_after    integer not null,
        held           jsonb not null,
        changes        jsonb not null,
        by_school      jsonb not null,
        kept           jsonb not null,
        supersedes     jsonb not null,
        made_at        timestamptz not null default now(),
        closed_at      timestamptz,
        closed_by      text,
        reason         text,
        primary key (district_key, run),
        foreign key (district_key, run) references rollcall.runs
      )`);
    await db.raw(`
      create index plans_waiting on rollcall.plans (district_key, run) where state = 'waiting'`);
    // No foreign key: it would be checked once a row, and plan and changes are written together.
    await db.raw(`
      create table rollcall.plan_changes (
        district_key integer not null,
        run          integer not null,
        seq          integer not null,
        kind         text not null,
        action       text not null check (action in
                       ('added', 'changed', 'reactivated', 'deactivated')),
        key          text collate "C" not null,
        other        text collate "C",
        school       text collate "C",
        old          jsonb,
        new          jsonb,
        primary key (district_key, run, seq)
      )`);
    await db.raw(`
      create table rollcall.samples (
        district_key integer not null,
        run          integer not null,
        kind         text not null check (kind in ('student', 'teacher')),
        seq          integer not null,
        person_key   bigint not null,
        primary key (district_key, run, kind, seq),
        foreign key (district_key, run) references rollcall.runs
      )`);
  },
};
