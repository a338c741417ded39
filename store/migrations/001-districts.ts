import type { Migration } from './index.js';

/**
 * A district and its settings; `roster_state` is a row of its own, so that a long apply, which
 * locks it, never blocks a change of settings.
 */
export const districts: Migration = {
  name: '001-districts',
  async up(db) {
    await db.raw(`
      create table rollcall.districts (
        key         integer generated always as identity primary key,
        id          text collate "C" not null unique check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        name        text not null check (length(name) between 1 and 200),
        contact     text not null check (length(contact) between 3 and 320),
        seats       integer not null check (seats >= 0),
        time_zone   text not null check (length(time_zone) between 1 and 100),
        nightly_at  text not null check (nightly_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
        products    text[] not null default '{}',
        file_name   text not null default 'roster.csv'
                    check (file_name !~ '[[:cntrl:]/]' and file_name not in ('', '.', '..')),
        own_server  jsonb,
        limits      jsonb not null default '{}',
        timings     jsonb not null default '{}',
        last_run    integer not null default 0,
        live_at     timestamptz,
        created_at  timestamptz not null default now(),
        updated_at  timestamptz not null default now()
      )`);
    await db.raw(`
      create table rollcall.roster_state (
        district_key    integer primary key references rollcall.districts,
        roster_version  bigint not null default 0,
        accepted_sha256 text,
        accepted_run    integer,
        applied_at      timestamptz
      )`);
    await db.raw(`
      create table rollcall.sightings (
        district_key integer primary key references rollcall.districts,
        size         bigint not null,
        modified_at  bigint not null,
        still_since  bigint not null
      )`);
  },
};
