import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '../../store/db.js';
import { StoreError } from '../../store/errors.js';
import { addDistrict } from '../../store/config/districts.js';
import { openRun } from '../../store/runs.js';
import { stageRoster } from '../../store/staging.js';
import { outcomeOf, saysOf } from './as-file.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict, row } from './support.js';

const SECRET = 'Zebulon';
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

/** Everything that a careless logger could print of an error. */
function everythingIn(error: unknown): string {
  const own = error instanceof Error ? Object.getOwnPropertyNames(error) : [];
  const values = own.map((name) => inspect(Reflect.get(error as object, name)));
  const deep = inspect(error, { depth: 20, showHidden: true, getters: true });
  return [deep, JSON.stringify(error), String(error), ...values].join('\n');
}

async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await work.then(
    () => expect.fail('it did not fail'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect(everythingIn(error)).not.toContain(SECRET);
  return error as StoreError;
}

describe('an error of the database', () => {
  it('of a refused insert names SQLSTATE, table and rule, and no value', async () => {
    const error = await failureOf(
      addDistrict(test.db, {
        id: `${SECRET} District`,
        name: SECRET,
        contact: `${SECRET}@x.example`,
        seats: 1,
        timeZone: 'UTC',
        nightlyAt: '03:00',
      }),
    );
    expect(error.fault).toEqual({
      sqlState: '23514',
      table: 'districts',
      constraint: 'districts_id_check',
    });
    expect(error.message).toBe(
      'the database refused (23514; table districts, rule districts_id_check)',
    );
    expect(error.retryable).toBe(false);
  });

  it.each<[string, (db: Db) => Promise<unknown>]>([
    ['of a query builder', (db) => db('rollcall.districts').insert({ id: SECRET, name: SECRET })],
    ['of a raw query', (db) => db.raw('select ?::integer', [SECRET])],
    ['in a transaction', (db) => db.transaction((trx) => trx.raw('select ?::integer', [SECRET]))],
    ['with NUL in a value', (db) => db.raw('select ?::text', [`${SECRET}\0`])],
    ['of NUL in jsonb', (db) => db.raw('select ?::jsonb', [JSON.stringify(`${SECRET}\0`)])],
    [
      'of a broken reference',
      (db) =>
        db.raw(
          `insert into rollcall.links (token_hash, district_key, expires_at)
         values (sha256(?::bytea), 999999, now())`,
          [SECRET],
        ),
    ],
  ])('%s holds no value', async (_name, work) => {
    const error = await failureOf(work(test.db));
    expect(error.code).toBe('DB_ERROR');
    expect(error.fault?.sqlState).toMatch(/^[0-9A-Z]{5}$/);
  });

  it('of a COPY holds no value', async () => {
    const { id } = await newDistrict(test.db);
    const { run } = await openRun(test.db, { district: id, workflowId: 'w', occasion: 'o' });
    const says = saysOf([row(SECRET, SECRET, SECRET, SECRET)]);
    const outcome = outcomeOf([], {
      // More than the column holds, so Postgres quotes the line.
      says: { ...says, schools: () => [{ n: 2 ** 40, line: 2, schoolId: SECRET, name: SECRET }] },
    });
    const error = await failureOf(stageRoster(test.db, { district: id, run }, async () => outcome));
    expect(error.fault?.sqlState).toBe('22003');
  });

  it('says that trying again may help when the connection was lost', async () => {
    const error = await failureOf(test.db.raw('select pg_terminate_backend(pg_backend_pid())'));
    expect(error).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
  });

  it('says in one line that Postgres is not there', async () => {
    const nowhere = connect(`postgres://rollcall:${SECRET}@127.0.0.1:1/rollcall`);
    try {
      const error = await failureOf(nowhere.raw('select 1'));
      expect(error.message).toBe(
        'the database is not available (ECONNREFUSED); is Postgres running?',
      );
      expect(error.retryable).toBe(true);
    } finally {
      await nowhere.destroy();
    }
  });
});
