import type { Migration } from './index.js';

/**
 * A big district's classes, students and enrollments lie in tables of their own, which a first load fills
 * whole and indexes afterwards (apply/own-tables.ts). `shard` says in which: 0 is the table of all
 * others, the one that was there; else it is the district's key. There is no default partition, so
 * that nothing is gone through when one more is attached. Indexes belong to each table: what a
 * shared one has to tell apart by district, one of a single district need not.
 */
export const ownTables: Migration = {
  name: '025-own-tables',
  async up(db) {
    await db.raw('alter table rollcall.districts add column shard integer not null default 0');
    // A view goes on with the table that it was made of, whatever that is called.
    const views = await dependents(db);
    for (const kind of ['classes', 'students']) await plainSequence(db, kind);
    for (const kind of KINDS) {
      await db.raw(`alter table rollcall.${kind} add column shard integer not null default 0`);
      await db.raw(`alter table rollcall.${kind} rename to ${kind}_shared`);
      await db.raw(`
        create table rollcall.${kind}
          (like rollcall.${kind}_shared including defaults including constraints)
        partition by list (shard)`);
      await db.raw(`
        alter table rollcall.${kind}_shared add constraint ${kind}_shared_shard check (shard = 0)`);
      await db.raw(`
        alter table rollcall.${kind} attach partition rollcall.${kind}_shared for values in (0)`);
      await forecast(db, kind);
    }
    for (const kind of ['classes', 'students']) {
      await db.raw(`alter sequence rollcall.${kind}_key_seq owned by rollcall.${kind}.key`);
    }
    for (const { name, says } of views) await db.raw(`create or replace view ${name} as ${says}`);
    await db.raw(`
      create or replace view roster.students as
      select s.id, d.id as district_id, s.email, s.first_name, s.last_name, s.grade_level, s.active
      from rollcall.districts d
      join rollcall.students s on s.district_key = d.key and s.shard = d.shard`);
    await db.raw(`
      create or replace view roster.enrollments as
      select d.id as district_id, c.class_id, s.email as student_email, p.active
      from rollcall.districts d
      join rollcall.enrollments p on p.district_key = d.key and p.shard = d.shard
      join rollcall.classes c on c.key = p.class_key and c.shard = d.shard
      join rollcall.students s on s.key = p.student_key and s.shard = d.shard`);
    await db.raw(`
      create or replace view roster.classes as
      select c.id, d.id as district_id, c.class_id, s.school_id, c.name, c.active
      from rollcall.districts d
      join rollcall.classes c on c.district_key = d.key and c.shard = d.shard
      join rollcall.schools s on s.key = c.school_key`);
    await db.raw(`
      create or replace view roster.class_teachers as
      select d.id as district_id, c.class_id, t.email as teacher_email, p.active
      from rollcall.districts d
      join rollcall.class_teachers p on p.district_key = d.key
      join rollcall.classes c on c.key = p.class_key and c.shard = d.shard
      join rollcall.teachers t on t.key = p.teacher_key`);
  },
};

const KINDS = ['classes', 'students', 'enrollments'] as const;
type Database = Parameters<Migration['up']>[0];

/** A partition has no identity column in some versions of Postgres; the sequence does the same. */
async function plainSequence(db: Database, kind: string): Promise<void> {
  const sequence = `rollcall.${kind}_key_seq`;
  const { rows } = await db.raw<{ rows: { next: string }[] }>(
    `select last_value + 1000 as next from ${sequence}`,
  );
  await db.raw(`alter table rollcall.${kind} alter column key drop identity`);
  await db.raw(`create sequence ${sequence} start with ${rows[0]!.next} cache 200`);
  await db.raw(`alter table rollcall.${kind} alter column key set default nextval('${sequence}')`);
}

/** Postgres makes statistics of the whole when it is told to; a tenth of the usual sample will do. */
async function forecast(db: Database, kind: string): Promise<void> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select attname as name from pg_attribute
     where attrelid = ?::regclass and attnum > 0 and not attisdropped`,
    [`rollcall.${kind}`],
  );
  const columns = rows.map(({ name }) => `alter ${name} set statistics 20`);
  await db.raw(`alter table rollcall.${kind} ${columns.join(', ')}`);
  await db.raw(`analyze rollcall.${kind}`);
}

/** The views that are made of these tables, and how. */
async function dependents(db: Database): Promise<readonly { name: string; says: string }[]> {
  const { rows } = await db.raw<{ rows: { name: string; says: string }[] }>(
    `select distinct v.oid::regclass::text as name, pg_get_viewdef(v.oid) as says
     from pg_depend d
     join pg_rewrite r on r.oid = d.objid
     join pg_class v on v.oid = r.ev_class and v.relkind = 'v'
     where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
       and d.refobjid in (${KINDS.map((kind) => `'rollcall.${kind}'::regclass`).join(', ')})`,
  );
  return rows;
}
