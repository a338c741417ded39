import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { connect } from '../../store/db.js';
import { makePlan } from '../../store/plan.js';
import { closePlan } from '../../store/plan-state.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun } from '../../store/read/runs.js';
import { closeRun } from '../../store/runs.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { until } from '../support/wait.js';
import { active, newDistrict, night, plan, row, stage, views, type Planning } from './support.js';

const ANN = row('A', 'tina', 'a1', 'ann');
const BOB = row('A', 'tina', 'a2', 'bob');

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const apply = ({ plan: made, ...ref }: Planning, db = test.db) =>
  applyPlan(db, ref, { planHash: made.planHash, by: 'cli' });

interface State {
  readonly roster_version: string;
  readonly accepted_sha256: string | null;
  readonly accepted_run: number | null;
}
async function rosterState(): Promise<State> {
  const answer = await test.db.raw<{ rows: State[] }>(
    `select roster_version, accepted_sha256, accepted_run from rollcall.roster_state s
     join rollcall.districts d on d.key = s.district_key where d.id = ?`,
    [district],
  );
  return answer.rows[0]!;
}

describe('applyPlan', () => {
  it('moves roster, version, accepted file, plan and run together, and answers the same twice', async () => {
    const made = await plan(test.db, district, [ANN, BOB]);
    const applied = await apply(made);
    expect(applied).toEqual({ outcome: 'applied', changes: made.plan.changes });
    const seen = await views(test.db, district);
    expect(await apply(made)).toEqual(applied);
    expect(await views(test.db, district)).toEqual(seen);
    const run = await getRun(test.db, district, made.run);
    expect(await rosterState()).toEqual({
      roster_version: '1',
      accepted_sha256: run.file?.sha256,
      accepted_run: made.run,
    });
    expect(await getPlan(test.db, district)).toMatchObject({ state: 'applied', closedBy: 'cli' });
    expect(run.outcome).toBe('applied');
  });

  it('accepts a file that changes nothing without moving the version', async () => {
    await night(test.db, district, [ANN]);
    const again = await night(test.db, district, [ANN, ANN]);
    expect(await rosterState()).toMatchObject({ roster_version: '1', accepted_run: again.run });
  });

  it('brings back who returns with the same id, and never deletes', async () => {
    await night(test.db, district, [ANN, BOB]);
    const before = await views(test.db, district);
    await night(test.db, district, [ANN]);
    const without = await views(test.db, district);
    expect(without.students.map((one) => [one['id'], one['active']])).toEqual([
      [before.students[0]?.['id'], true],
      [before.students[1]?.['id'], false],
    ]);
    expect(without.enrollments.map((one) => one['active'])).toEqual([true, false]);
    const back = await night(test.db, district, [ANN, { ...BOB, studentLastName: 'New' }]);
    expect(back.plan.changes.students.reactivated).toBe(1);
    const after = await views(test.db, district);
    expect(after).toEqual({
      ...before,
      students: [before.students[0], { ...before.students[1], last_name: 'New' }],
    });
  });

  it('refuses another plan, an unknown one and a closed one', async () => {
    const made = await plan(test.db, district, [ANN]);
    const other = { planHash: 'f'.repeat(64), by: 'cli' };
    await expect(applyPlan(test.db, made, other)).rejects.toMatchObject({ code: 'PLAN_OTHER' });
    await closePlan(test.db, made, { state: 'rejected', by: 'cli' });
    await expect(apply(made)).rejects.toMatchObject({ code: 'PLAN_CLOSED' });
    const staged = await stage(test.db, district, [BOB]);
    await expect(applyPlan(test.db, staged, other)).rejects.toMatchObject({ code: 'PLAN_UNKNOWN' });
    expect((await active(test.db, district)).students).toEqual([]);
  });

  it('refuses the plan of a superseded run', async () => {
    const old = await plan(test.db, district, [ANN]);
    await plan(test.db, district, [BOB]);
    expect(await apply(old)).toEqual({ outcome: 'superseded' });
    expect((await active(test.db, district)).students).toEqual([]);
  });

  it('calls a plan stale when the roster has moved, until it is made again', async () => {
    const first = await plan(test.db, district, [ANN]);
    await night(test.db, district, [ANN]);
    expect(await apply(first)).toEqual({ outcome: 'stale' });
    const again = { ...first, plan: await makePlan(test.db, first) };
    expect(await apply(again)).toMatchObject({ outcome: 'applied' });
    expect(await rosterState()).toMatchObject({ roster_version: '1' });
  });

  it('is called applied even if the run was closed as failed afterwards', async () => {
    const made = await night(test.db, district, [ANN]);
    const closed = await closeRun(test.db, made, { outcome: 'failed', errorCode: 'TIMEOUT' });
    expect(closed.outcome).toBe('applied');
  });

  it('lets one of two at once do it, and tells both the same', async () => {
    const made = await plan(test.db, district, [ANN, BOB]);
    const both = await Promise.all([apply(made), apply(made)]);
    expect(both[0]).toEqual(both[1]);
    expect(await rosterState()).toMatchObject({ roster_version: '1' });
    expect((await active(test.db, district)).students).toEqual(['ann', 'bob']);
  });

  it('lets one of two plans of the same file win; the other is stale', async () => {
    const one = await plan(test.db, district, [ANN]);
    const two = await plan(test.db, district, [ANN]);
    const outcomes = (await Promise.all([apply(one), apply(two)])).map((done) => done.outcome);
    expect(outcomes.sort()).toEqual(['applied', 'stale']);
  });
});

describe('an apply that is interrupted', () => {
  /** Someone else holds a row of the roster, so that the apply stands still in its middle. */
  async function interrupted(made: Planning, end: 'kill' | 'release'): Promise<unknown> {
    const holder = new Client({ connectionString: test.url });
    await holder.connect();
    const own = connect(test.url, { poolMax: 1, name: 'interrupted apply' });
    try {
      await holder.query('begin');
      await holder.query('lock table rollcall.enrollments in exclusive mode');
      const outcome = apply(made, own).catch((error: unknown) => error);
      await until('the apply waits for the lock', async () => {
        // Not on the holder's connection: a transaction sees one snapshot of the activity.
        const waiting = await test.db.raw<{ rows: { pid: number }[] }>(
          `select pid from pg_stat_activity
           where application_name = 'interrupted apply' and wait_event_type = 'Lock'
             and datname = current_database()`,
        );
        const pid = waiting.rows[0]?.pid;
        if (pid && end === 'kill') await test.db.raw('select pg_terminate_backend(?::int)', [pid]);
        return pid;
      });
      if (end === 'release') await holder.query('rollback');
      return await outcome;
    } finally {
      await holder.end(); // lets go of the lock, whatever happened
      await own.destroy();
    }
  }

  it('leaves the roster before, and can be done again', async () => {
    await night(test.db, district, [ANN]);
    const before = await views(test.db, district);
    const state = await rosterState();
    const made = await plan(test.db, district, [{ ...ANN, studentLastName: 'New' }, BOB]);
    expect(await interrupted(made, 'kill')).toMatchObject({
      code: 'DB_UNAVAILABLE',
      retryable: true,
    });
    expect(await views(test.db, district)).toEqual(before);
    expect(await rosterState()).toEqual(state);
    expect((await getPlan(test.db, district)).state).toBe('waiting');
    expect(await apply(made)).toMatchObject({ outcome: 'applied' });
    expect((await active(test.db, district)).students).toEqual(['ann', 'bob']);
  });

  it('or after, if it was only made to wait', async () => {
    const made = await plan(test.db, district, [ANN, BOB]);
    expect(await interrupted(made, 'release')).toMatchObject({ outcome: 'applied' });
    expect((await active(test.db, district)).enrollments).toEqual(['a1:ann', 'a2:bob']);
  });
});

describe('the closing guards', () => {
  const districtKey = async () =>
    ((await test.db('rollcall.districts').where({ id: district }).first('key')) as { key: number })
      .key;

  it('undo everything if the plan would leave an enrollment without its student', async () => {
    await night(test.db, district, [ANN, BOB]);
    const before = await views(test.db, district);
    const made = await plan(test.db, district, [ANN]);
    // What a faulty planner would write: the student goes, the enrollment stays.
    await test
      .db('rollcall.plan_changes')
      .where({ district_key: await districtKey(), run: made.run, kind: 'enrollments' })
      .del();
    const changes = { ...made.plan.changes, enrollments: made.plan.changes.schools };
    await test
      .db('rollcall.plans')
      .where({ district_key: await districtKey(), run: made.run })
      .update({ changes: JSON.stringify(changes) });
    await expect(apply(made)).rejects.toMatchObject({ code: 'ROSTER_INCONSISTENT' });
    expect(await views(test.db, district)).toEqual(before);
  });

  it('undo everything if a statement would touch other rows than planned', async () => {
    await night(test.db, district, [ANN, BOB]);
    const before = await views(test.db, district);
    const made = await plan(test.db, district, [ANN]);
    await test
      .db('rollcall.students')
      .where({ district_key: await districtKey(), email: 'bob@s.example' })
      .update({ active: false, inactive_since: test.db.fn.now() });
    await expect(apply(made)).rejects.toMatchObject({ code: 'PLAN_BROKEN' });
    const after = await views(test.db, district);
    expect(after.enrollments).toEqual(before.enrollments);
    expect(after.classes).toEqual(before.classes);
  });

  it.each(['nothing', "another district's student"])(
    'undo everything if an enrollment would point at %s',
    async (what) => {
      await night(test.db, district, [ANN]);
      const before = await views(test.db, district);
      const other = await newDistrict(test.db);
      await night(test.db, other.id, [BOB]);
      const made = await plan(test.db, district, [ANN, BOB]);
      const theirs = await test
        .db('rollcall.students')
        .whereNot({ district_key: await districtKey() })
        .first('key');
      await test
        .db('rollcall.plan_pairs')
        .where({ district_key: await districtKey(), run: made.run, kind: 'enrollments' })
        .update({ people: [what === 'nothing' ? 999_999 : Number(theirs.key)] });
      await expect(apply(made)).rejects.toMatchObject({ code: 'ROSTER_INCONSISTENT' });
      expect(await views(test.db, district)).toEqual(before);
    },
  );
});
