import type { Migration } from './index.js';

/**
 * Fetched files, whole and byte for byte, and what was read of them (`snapshot`), for every worker
 * (docs/decisions/0017). The same bytes stand here once; `run` is the last that brought them.
 * `runs.snapshot` is the SHA-256 of what the run's reading came to: another reading of the same
 * file, by other settings or on another worker, must not be taken for it.
 *
 * Pieces come packed, so Postgres must not try to pack them again. They and their file are written
 * in one transaction.
 */
export const files: Migration = {
  name: '019-files',
  async up(db) {
    await db.raw(`
      alter table rollcall.districts add column keep_files integer not null default 60
        check (keep_files between 1 and 365)`);
    await db.raw('alter table rollcall.runs add column snapshot text');
    await db.raw(`
      create table rollcall.files (
        key          bigint generated always as identity primary key,
        district_key integer not null references rollcall.districts on delete cascade,
        kind         text not null check (kind in ('roster', 'snapshot')),
        sha256       text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
        bytes        bigint not null,
        run          integer not null,
        kept_at      timestamptz not null default now(),
        unique (district_key, kind, sha256)
      )`);
    await db.raw(`
      create table rollcall.file_pieces (
        file_key bigint not null references rollcall.files on delete cascade,
        seq      integer not null,
        packed   bytea not null,
        primary key (file_key, seq)
      )`);
    await db.raw('alter table rollcall.file_pieces alter column packed set storage external');
  },
};
