import type { Migration } from './index.js';

/** Who gets in: SFTP accounts, portal links. Hashes only. And the notes that people left. */
export const access: Migration = {
  name: '002-access',
  async up(db) {
    await db.raw(`
      create table rollcall.accounts (
        district_key    integer primary key references rollcall.districts,
        password_hash   text,
        password_set_at timestamptz,
        created_at      timestamptz not null default now()
      )`);
    await db.raw(`
      create table rollcall.account_keys (
        district_key integer not null references rollcall.accounts,
        fingerprint  text not null check (fingerprint like 'SHA256:%'),
        public_key   text not null,
        added_at     timestamptz not null default now(),
        primary key (district_key, fingerprint)
      )`);
    await db.raw(`
      create table rollcall.links (
        token_hash   bytea primary key check (length(token_hash) = 32),
        district_key integer not null references rollcall.districts,
        created_at   timestamptz not null default now(),
        expires_at   timestamptz not null,
        revoked_at   timestamptz
      )`);
    await db.raw('create index links_district on rollcall.links (district_key)');
    await db.raw(`
      create table rollcall.notes (
        id           uuid primary key default gen_random_uuid(),
        district_key integer not null references rollcall.districts,
        text         text not null check (length(text) <= 20000),
        created_at   timestamptz not null default now()
      )`);
    await db.raw(`
      create table rollcall.mails (
        district_key integer not null references rollcall.districts,
        key          text not null,
        template     text not null,
        message_id   text not null,
        claimed_at   timestamptz not null default now(),
        sent_at      timestamptz,
        primary key (district_key, key)
      )`);
  },
};
