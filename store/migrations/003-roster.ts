import type { Migration } from './index.js';

/**
 * The roster itself. `key` is ours (narrow joins), `id` is what products point at and stays for
 * good. Natural keys are compared byte by byte (collate "C"): fast, and the same everywhere.
 * Pairs are three integers and a flag; that they point at something is checked once a statement
 * with transition tables, as row-by-row foreign keys cost more than all the rest of a first load.
 */
const PERSON = `
  key          bigint generated always as identity primary key,
  id           uuid not null default gen_random_uuid() unique,
  district_key integer not null references rollcall.districts,
  email        text collate "C" not null check (email <> ''),
  first_name   text not null,
  last_name    text not null,
  active       boolean not null default true,
  unique (district_key, email)`;

export const roster: Migration = {
  name: '003-roster',
  async up(db) {
    await db.raw(`
      create table rollcall.schools (
        key          bigint generated always as identity primary key,
        id           uuid not null default gen_random_uuid() unique,
        district_key integer not null references rollcall.districts,
        school_id    text collate "C" not null check (school_id <> ''),
        name         text not null,
        active       boolean not null default true,
        unique (district_key, school_id)
      )`);
    await db.raw(`create table rollcall.teachers (${PERSON})`);
    await db.raw(`create table rollcall.students (${PERSON}, grade_level text not null)`);
    await db.raw(`
      create table rollcall.classes (
        key          bigint generated always as identity primary key,
        id           uuid not null default gen_random_uuid() unique,
        district_key integer not null references rollcall.districts,
        class_id     text collate "C" not null check (class_id <> ''),
        school_key   bigint not null references rollcall.schools,
        name         text not null,
        active       boolean not null default true,
        unique (district_key, class_id)
      )`);
    await db.raw('create index classes_school on rollcall.classes (school_key)');
    await pairs(db, 'class_teachers', 'teacher', 'teachers');
    await pairs(db, 'enrollments', 'student', 'students');
  },
};

async function pairs(
  db: Parameters<Migration['up']>[0],
  table: string,
  who: string,
  people: string,
) {
  await db.raw(`
    create table rollcall.${table} (
      district_key integer not null,
      class_key    bigint not null,
      ${who}_key   bigint not null,
      active       boolean not null default true,
      primary key (district_key, class_key, ${who}_key)
    )`);
  await db.raw(`create index ${table}_${who} on rollcall.${table} (${who}_key)`);
  await db.raw(`
    create function rollcall.${table}_whole() returns trigger language plpgsql as $$
    begin
      if exists (
        select from arrived a
        where not exists (select from rollcall.classes c
                          where c.key = a.class_key and c.district_key = a.district_key)
           or not exists (select from rollcall.${people} p
                          where p.key = a.${who}_key and p.district_key = a.district_key)
      ) then
        raise exception 'a pair points at nothing'
          using errcode = 'foreign_key_violation', table = '${table}', constraint = '${table}_whole';
      end if;
      return null;
    end $$`);
  for (const event of ['insert', 'update']) {
    await db.raw(`
      create trigger ${table}_whole_${event} after ${event} on rollcall.${table}
      referencing new table as arrived
      for each statement execute function rollcall.${table}_whole()`);
  }
}
