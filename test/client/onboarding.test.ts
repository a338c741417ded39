import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markLive } from '../../store/config/districts.js';
import { readNote } from '../../store/config/notes.js';
import { until } from '../support/wait.js';
import { rejectionOf } from './errors.js';
import { newDistrict, place, roster, type Place } from './place.js';

/** The verbs on a district that is carried from invitation to live by real workflows. */
describe('verbs of a district on its way to live', () => {
  const ID = 'maple-valley';
  const FILE = `/${ID}/roster.csv`;
  let at: Place;
  let worker: { stop(): Promise<void> };

  beforeAll(async () => {
    at = await place();
    worker = await at.startWorker();
    await at.rollcall.addDistrict(newDistrict(ID));
  });
  afterAll(async () => {
    await worker?.stop();
    await at?.close();
  });

  /** The last signal of that name as it was sent; one that comes while the workflow is at work
   * stands in its history a moment later. */
  const lastSignal = (workflowId: string, name: string): Promise<Record<string, string>> =>
    until(`${workflowId} has the signal ${name}`, async () => {
      const { events } = await at.client.workflow.getHandle(workflowId).fetchHistory();
      const found = events
        ?.map((event) => event.workflowExecutionSignaledEventAttributes)
        .findLast((one) => one?.signalName === name);
      const data = found?.input?.payloads?.[0]?.data;
      return data ? (JSON.parse(Buffer.from(data).toString()) as Record<string, string>) : null;
    });

  it('says before the start what has to be done first', async () => {
    expect(await at.rollcall.status(ID)).toMatchObject({
      district: ID,
      stage: 'not-started',
      waitingOn: 'support',
      since: null,
      workflow: 'none',
      lastRun: null,
      nextSync: null,
    });
    for (const act of [
      () => at.rollcall.uploaded(ID),
      () => at.rollcall.approve(ID),
      () => at.rollcall.reject(ID, { reason: 'x' }),
      () => at.rollcall.loginsOk(ID),
      () => at.rollcall.loginsFailed(ID, { reason: 'x' }),
      () => at.rollcall.sync(ID),
    ]) {
      const error = await rejectionOf(act());
      expect(error).toMatchObject({ code: 'NOT_STARTED', exit: 1 });
      expect(error.message).toContain(`npx rollcall onboard ${ID}`);
    }
  });

  it('starts the onboarding once, however often it is asked', async () => {
    const first = await at.rollcall.onboard(ID);
    expect(first).toEqual({
      district: ID,
      workflowId: `onboarding/${ID}`,
      started: true,
      state: 'started',
    });
    const again = await Promise.all([at.rollcall.onboard(ID), at.rollcall.onboard(ID)]);
    expect(again.map(({ state }) => state)).toEqual(['running', 'running']);
    const status = await at.stage(ID, 'awaiting-upload');
    expect(status).toMatchObject({ waitingOn: 'district', workflow: 'running' });
    expect(Date.parse(status.since ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(status.worker.running).toBe(true);
  });

  it('refuses what this stage does not wait for, and says where the district is', async () => {
    expect(await rejectionOf(at.rollcall.approve(ID))).toMatchObject({ code: 'NOTHING_WAITS' });
    const early = await rejectionOf(at.rollcall.loginsOk(ID));
    expect(early).toMatchObject({ code: 'STAGE_NOT_YET', exit: 1 });
    expect(early.message).toContain('awaiting-upload');
    expect(await rejectionOf(at.rollcall.sync(ID))).toMatchObject({ code: 'STAGE_NOT_YET' });
    expect(await rejectionOf(at.rollcall.pause(ID))).toMatchObject({ code: 'NO_SCHEDULE' });
    expect(await rejectionOf(at.rollcall.plan(ID))).toMatchObject({ code: 'NO_RUN' });
  });

  it('takes an upload, and reports what is wrong with the file', async () => {
    at.files.set(FILE, roster(0, 20, true));
    await at.rollcall.uploaded(ID, { by: 'portal' });
    expect(await lastSignal(`onboarding/${ID}`, 'fileUploaded')).toEqual({ by: 'portal' });
    const status = await at.stage(ID, 'awaiting-correction');
    const { run, causes, findings } = await at.rollcall.report(ID);
    expect(run).toMatchObject({ kind: 'first', findings: { errors: 1 } });
    expect(causes).toMatchObject([{ code: 'VALUE_MISSING', people: 1, lines: [22] }]);
    for await (const finding of findings()) {
      expect(finding).toMatchObject({ code: 'VALUE_MISSING', line: 22, column: 'student_email' });
    }
    // Support may go on without the bad row.
    expect(status.waitingPlan).toMatchObject({ workflowId: `onboarding/${ID}` });
  });

  it('rejects with a reason that is kept in the store and not in the history', async () => {
    const { planHash } = await at.rollcall.reject(ID, {
      reason: ' Zoé is missing ',
      by: 'support-7',
    });
    const sent = await lastSignal(`onboarding/${ID}`, 'planRejected');
    expect(sent).toEqual({ by: 'support-7', planHash, reason: expect.stringMatching(/^note\//) });
    expect(await readNote(at.database.db, ID, sent['reason'] ?? '')).toBe('Zoé is missing');
  });

  it('approves the plan that waits, and no other', async () => {
    at.files.set(FILE, roster(0, 20));
    const { waitingPlan } = await at.stage(ID, 'awaiting-approval');
    const plan = await at.rollcall.plan(ID);
    expect(plan).toMatchObject({ hash: waitingPlan?.planHash, state: 'waiting' });
    expect(plan.changes.students).toMatchObject({ added: 20 });

    const other = await rejectionOf(at.rollcall.approve(ID, { planHash: 'f'.repeat(64) }));
    expect(other).toMatchObject({ code: 'PLAN_OTHER', exit: 1 });
    expect(other.message).toContain(plan.hash.slice(0, 12));
    expect(await rejectionOf(at.rollcall.approve(ID, { planHash: 'F00' }))).toMatchObject({
      code: 'BAD_PLAN_HASH',
      exit: 2,
    });
    const decided = await at.rollcall.approve(ID, { planHash: plan.hash.slice(0, 8) });
    expect(decided).toMatchObject({ run: plan.run, planHash: plan.hash, signal: 'planApproved' });
    expect(await lastSignal(`onboarding/${ID}`, 'planApproved')).toEqual({
      by: 'cli',
      planHash: plan.hash,
    });
    await at.stage(ID, 'awaiting-login-test');
    expect(await rejectionOf(at.rollcall.approve(ID))).toMatchObject({ code: 'NOTHING_WAITS' });
  });

  it('syncs by hand while the logins are tested, and follows the run to its end', async () => {
    at.files.set(FILE, roster(0, 21));
    const said: string[] = [];
    const synced = await at.rollcall.sync(ID, {
      wait: true,
      onProgress: (line) => said.push(line),
    });
    expect(synced.workflowId).toMatch(new RegExp(`^sync/${ID}/manual-`));
    // The folder is watched, too: whichever of the two runs came first has applied the file.
    expect(['applied', 'unchanged']).toContain(synced.result?.outcome);
    expect(synced.result?.kind).toBe('manual');
    expect(synced.record).toMatchObject({
      run: synced.result?.run,
      outcome: synced.result?.outcome,
      workflowId: synced.workflowId,
    });
    const applied = await until('one run has applied the file', async () => {
      const runs = await at.rollcall.runs(ID);
      return runs.find((run) => run.outcome === 'applied' && run.changes?.students.added === 1);
    });
    expect(applied.file?.rows).toBe(21);
    expect(said.every((line) => line.length < 60)).toBe(true);
  });

  it('passes on that the logins fail, once, and that they work', async () => {
    expect((await at.rollcall.samples(ID)).students.length).toBeGreaterThan(0);
    await at.rollcall.loginsFailed(ID, { reason: 'No classes' });
    expect(await at.stage(ID, 'login-problem')).toMatchObject({ loginReason: 'No classes' });
    const again = await rejectionOf(at.rollcall.loginsFailed(ID, { reason: 'No classes' }));
    expect(again).toMatchObject({ code: 'ALREADY_TOLD', exit: 1 });
    await at.rollcall.loginsOk(ID);
    await until('the workflow has ended', async () => {
      const { workflow } = await at.rollcall.status(ID);
      return workflow === 'completed';
    });
  });

  it('says of a live district that nothing waits, since when, and what to do instead', async () => {
    const { since, stage, waitingOn, nextSync } = await at.rollcall.status(ID);
    expect({ stage, waitingOn }).toEqual({ stage: 'live', waitingOn: 'nobody' });
    expect(Date.parse(nextSync ?? '')).toBeGreaterThan(Date.now());
    for (const act of [
      () => at.rollcall.approve(ID),
      () => at.rollcall.loginsOk(ID),
      () => at.rollcall.uploaded(ID),
    ]) {
      const error = await rejectionOf(act());
      expect(error).toMatchObject({ code: 'STAGE_PAST', exit: 1 });
      expect(error.message).toContain(`${ID} is live since ${since}`);
    }
    expect((await rejectionOf(at.rollcall.uploaded(ID))).message).toContain(`sync ${ID}`);
    expect(await at.rollcall.onboard(ID)).toMatchObject({ started: false, state: 'live' });
  });

  it('triggers the schedule, and comes back from a run that is held', async () => {
    at.files.set(FILE, roster(0, 10));
    const held = await at.rollcall.sync(ID, { wait: true });
    expect(held.workflowId).toMatch(new RegExp(`^sync/${ID}/nightly-`));
    expect(held.result).toMatchObject({ outcome: 'held', planHash: held.record?.planHash });
    expect(held.record?.changes?.students.deactivated).toBe(11);

    const decided = await at.rollcall.approve(ID);
    expect(decided).toMatchObject({ workflowId: held.workflowId, run: held.record?.run });
    await until('the held run is applied', async () => {
      const [newest] = await at.rollcall.runs(ID);
      return newest?.outcome === 'applied' && newest.run === held.record?.run;
    });
  });

  it('finds its own run when two ask for a sync at once', async () => {
    const both = await Promise.all([
      at.rollcall.sync(ID, { wait: true }),
      at.rollcall.sync(ID, { wait: true }),
    ]);
    expect(both.map(({ result }) => result?.outcome)).toEqual(['unchanged', 'unchanged']);
  });

  it('follows a refused file to its end', async () => {
    at.files.set(FILE, roster(0, 0));
    const { result, record } = await at.rollcall.sync(ID, { wait: true });
    expect(result).toMatchObject({ outcome: 'refused', problem: 'HEADER_ONLY' });
    expect(record?.file?.bytes).toBe(Buffer.byteLength(roster(0, 0)));
    const error = await rejectionOf(at.rollcall.plan(ID, record?.run));
    expect(error).toMatchObject({ code: 'NO_PLAN' });
    expect(error.message).toContain('HEADER_ONLY');
  });

  it('pauses and resumes the nightly sync, and moves it', async () => {
    expect(await at.rollcall.pause(ID, { by: 'support-7' })).toMatchObject({
      paused: true,
      changed: true,
      nextSync: null,
    });
    expect(await at.rollcall.pause(ID)).toMatchObject({ paused: true, changed: false });
    expect(await at.rollcall.status(ID)).toMatchObject({ paused: true, nextSync: null });

    // A new time leaves the pause as it is.
    await at.rollcall.setDistrict(ID, { timeZone: 'Asia/Tokyo', nightlyAt: '04:15' });
    const handle = at.client.schedule.getHandle(`nightly/${ID}`);
    const { spec, state } = await handle.describe();
    expect(spec).toMatchObject({ timezone: 'Asia/Tokyo', calendars: [{ hour: [{ start: 4 }] }] });
    expect(state).toMatchObject({ paused: true, note: 'paused by support-7' });

    const resumed = await at.rollcall.resume(ID);
    expect(resumed).toMatchObject({ paused: false, changed: true });
    const next = new Date(resumed.nextSync ?? '');
    // 04:15 in Tokyo is 19:15 UTC; the start is spread over five minutes.
    expect([next.getUTCHours(), next.getUTCMinutes() >= 15, next.getUTCMinutes() < 21]).toEqual([
      19,
      true,
      true,
    ]);
  });

  it('reads the file that lies there again, once its own names of columns are set', async () => {
    const own = 'elm-creek';
    at.files.set(`/${own}/roster.csv`, roster(0, 5).replace('student_email', 'Learner Login'));
    await at.rollcall.addDistrict(newDistrict(own));
    await at.rollcall.onboard(own);
    const { lastRun } = await at.stage(own, 'awaiting-correction');
    expect(lastRun).toMatchObject({ outcome: 'refused', problem: 'COLUMN_MISSING' });
    const { warnings } = await at.rollcall.setDistrict(own, {
      columns: { 'Learner Login': 'student_email' },
    });
    expect(warnings).toMatchObject([expect.stringContaining(`npx rollcall uploaded ${own}`)]);
    await at.rollcall.uploaded(own);
    await at.stage(own, 'awaiting-approval');
    expect((await at.rollcall.plan(own)).changes.students.added).toBe(5);
  });

  it('still shows and syncs nothing wrongly when no worker runs', async () => {
    await worker.stop();
    expect(await at.rollcall.status(ID)).toMatchObject({ stage: 'live', district: ID });
  });

  it('knows a live district whose workflow Temporal has forgotten', async () => {
    const old = 'oak-hill';
    await at.rollcall.addDistrict(newDistrict(old));
    await markLive(at.database.db, old);
    const { liveAt } = await at.rollcall.showDistrict(old);
    expect(await at.rollcall.status(old)).toMatchObject({
      stage: 'live',
      waitingOn: 'nobody',
      since: liveAt,
      workflow: 'none',
    });
    expect(await at.rollcall.onboard(old)).toMatchObject({ started: false, state: 'live' });
    expect(await rejectionOf(at.rollcall.loginsOk(old))).toMatchObject({ code: 'STAGE_PAST' });
  });
});
