import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../store/db.js';
import { migrate } from '../../store/migrate.js';
import { purge } from '../../store/migrations/020-purge.js';
import { migrations } from '../../store/migrations/index.js';
import { emptyDatabase, type TestDatabase } from '../support/postgres.js';
import { night, row, views } from './support.js';

let empty: TestDatabase;
beforeEach(async () => {
  empty = await emptyDatabase();
});
afterEach(() => empty.drop());

describe('migrate', () => {
  it('makes both schemas, and finds nothing to do the second time', async () => {
    const { applied } = await migrate(empty.db);
    expect(applied).toContain('001-districts');
    expect(applied.every((name) => /^\d{3}-[a-z-]+$/.test(name))).toBe(true);
    expect(await migrate(empty.db)).toEqual({ applied: [] });
    const views = await empty.db
      .select('table_name')
      .from('information_schema.views')
      .where({ table_schema: 'roster' })
      .orderBy('table_name');
    expect(views.map((view) => view.table_name)).toEqual([
      'class_teachers',
      'classes',
      'enrollments',
      'schools',
      'students',
      'teachers',
    ]);
  });

  it('has the columns of the design in each view, in that order', async () => {
    await migrate(empty.db);
    const columns = await empty.db
      .select('table_name', 'column_name')
      .from('information_schema.columns')
      .where({ table_schema: 'roster' })
      .orderBy(['table_name', 'ordinal_position']);
    const of = (view: string) =>
      columns.filter((one) => one.table_name === view).map((one) => one.column_name);
    expect(of('schools')).toEqual(['id', 'district_id', 'school_id', 'name', 'active']);
    const person = ['id', 'district_id', 'email', 'first_name', 'last_name'];
    expect(of('teachers')).toEqual([...person, 'active']);
    expect(of('students')).toEqual([...person, 'grade_level', 'active']);
    expect(of('classes')).toEqual(['id', 'district_id', 'class_id', 'school_id', 'name', 'active']);
    expect(of('class_teachers')).toEqual(['district_id', 'class_id', 'teacher_email', 'active']);
    expect(of('enrollments')).toEqual(['district_id', 'class_id', 'student_email', 'active']);
  });

  it('lets four processes start at once: one migrates, three find it done', async () => {
    const pools = [1, 2, 3, 4].map(() => connect(empty.url, { poolMax: 2 }));
    try {
      const answers = await Promise.all(pools.map((db) => migrate(db)));
      const lengths = answers.map((answer) => answer.applied.length).sort((a, b) => a - b);
      expect(lengths.slice(0, 3)).toEqual([0, 0, 0]);
      expect(lengths[3]).toBeGreaterThan(0);
    } finally {
      await Promise.all(pools.map((db) => db.destroy()));
    }
  });

  it('goes on although a killed process left the lock of knex behind', async () => {
    await migrate(empty.db);
    await empty.db('rollcall.migrations_lock').update({ is_locked: 1 });
    expect(await migrate(empty.db)).toEqual({ applied: [] });
    const [lock] = await empty.db('rollcall.migrations_lock').select('is_locked');
    expect(lock.is_locked).toBe(0);
  });

  it('counts who is away already from the run that saw them go, or from now', async () => {
    const { db } = empty;
    await db.raw('create schema rollcall');
    for (const { name, up } of await migrations.getMigrations([])) {
      if (name < purge.name) await up(db);
    }
    await db.raw(`
      insert into rollcall.districts (id, name, contact, seats, time_zone, nightly_at)
      values ('oak', 'Oak', 'it@oak.example', 9, 'UTC', '03:30')`);
    await db.raw(`
      insert into rollcall.students (district_key, email, first_name, last_name, grade_level, active)
      values (1, 'here', 'H', 'H', '1', true), (1, 'gone', 'G', 'G', '1', false),
             (1, 'lost', 'L', 'L', '1', false)`);
    const gone = await db('rollcall.students').where({ email: 'gone' }).first('key');
    for (const [run, day] of [
      [1, '2024-01-10'],
      [2, '2024-03-10'],
    ] as const) {
      await db.raw(
        `insert into rollcall.runs (district_key, run, kind, workflow_id, occasion)
         values (1, ?, 'nightly', 'w', ?)`,
        [run, day],
      );
      await db.raw(
        `insert into rollcall.plans (district_key, run, hash, state, roster_version,
           seats_licensed, seats_before, seats_after, held, changes, by_school, kept, supersedes,
           closed_at)
         values (1, ?, repeat('0', 64), 'applied', 1, 9, 1, 1, '[]', '{}', '[]', '{}', '[]', ?)`,
        [run, day],
      );
      await db.raw(
        `insert into rollcall.plan_changes (district_key, run, seq, kind, action, key, entity)
         values (1, ?, 1, 'students', 'deactivated', 'gone', ?)`,
        [run, gone.key],
      );
    }
    await purge.up(db);
    const rows = await db('rollcall.students')
      .orderBy('email')
      .select(
        'email',
        db.raw(`inactive_since::date::text as day`),
        db.raw('now()::date::text as today'),
      );
    expect(rows.map(({ email, day, today }) => [email, day === today ? 'today' : day])).toEqual([
      ['gone', '2024-03-10'],
      ['here', null],
      ['lost', 'today'],
    ]);
  });

  it('keeps the roster of before there were own tables, and its keys go on from there', async () => {
    const { db } = empty;
    await db.raw('create schema rollcall');
    const before = (await migrations.getMigrations([])).filter(({ name }) => name < '019');
    await db.migrate.latest({
      migrationSource: { ...migrations, getMigrations: () => Promise.resolve(before) },
      schemaName: 'rollcall',
      tableName: 'migrations',
    });
    await db.raw(`
      insert into rollcall.districts (id, name, contact, seats, time_zone, nightly_at)
        values ('old', 'Old', 'it@old.example', 9, 'UTC', '04:00');
      insert into rollcall.roster_state (district_key) select key from rollcall.districts;
      insert into rollcall.schools (district_key, school_id, name) values (1, 'A', 'School A');
      insert into rollcall.teachers (district_key, email, first_name, last_name)
        values (1, 'tina@t.example', 'Tea tina', 'Cher tina');
      insert into rollcall.classes (district_key, class_id, school_key, name)
        values (1, 'a1', 1, 'Class a1');
      insert into rollcall.students (district_key, email, first_name, last_name, grade_level)
        select 1, who || '@s.example', 'Stu ' || who, 'Dent ' || who, '5'
        from unnest(array['ann', 'bob']) who;
      insert into rollcall.class_teachers values (1, 1, 1);
      insert into rollcall.enrollments select 1, 1, key from rollcall.students`);
    const ids = (await db.raw('select id from roster.students order by email')).rows;
    await migrate(db);
    expect((await db.raw('select id from roster.students order by email')).rows).toEqual(ids);
    const file = ['ann', 'bob'].map((who) => row('A', 'tina', 'a1', who));
    const same = await night(db, 'old', file);
    expect(same.plan.changes.students).toMatchObject({ added: 0, deactivated: 0, changed: 0 });
    expect(same.plan.changes.enrollments).toMatchObject({ added: 0, deactivated: 0 });
    await night(db, 'old', [...file, row('A', 'tina', 'a2', 'cid')]);
    const { students, enrollments } = await views(db, 'old');
    expect(students.map((one) => one['email'])).toEqual(
      ['ann', 'bob', 'cid'].map((who) => `${who}@s.example`),
    );
    expect(enrollments).toHaveLength(3);
  });
});
