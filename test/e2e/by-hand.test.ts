import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { connect } from '../../store/db.js';
import { until } from '../support/wait.js';
import { ACTIVE_LINES, activeAfter, type Views } from './independent-reading.js';
import {
  finish,
  place,
  processesNaming,
  rollcall,
  stay,
  type Place,
  type Running,
} from './processes.js';

const ID = 'oak-park';

/** What support and a district do by hand, one command after the other, with a kill at each stage. */
describe('an onboarding by hand', () => {
  let at: Place;
  let up: Running;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rollcall-hand-'));
    at = place(path.join(folder, 'home'));
    await finish('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'key')]);
    await writeFile(path.join(folder, 'known_hosts'), '');
    await chmod(path.join(folder, 'key'), 0o600);
    for (const which of ['first', 'second', 'mistakes'] as const) {
      await writeFile(path.join(folder, `${which}.csv`), sampleFile(which));
    }
    up = await stay(at, 'up', '--json');
  }, 120_000);

  afterAll(async () => {
    await up?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** What was under way in a power cut is noticed by its timeout, a minute for the short steps. */
  const stage = (wanted: string) =>
    until(
      `stage ${wanted} of ${ID}`,
      async () => {
        const status = await rollcall(at, 'status', ID, '--json');
        return status.status === 0 && status.json()['stage'] === wanted && status.json();
      },
      90_000,
    );

  /** Everything at once, as a power cut does it. */
  async function powerCutAndUp(): Promise<void> {
    const victims = new Set([...processesNaming(at.home), up.child.pid ?? 0]);
    for (const pid of victims) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went down with another one.
      }
    }
    await up.stop('SIGKILL');
    up = await stay(at, 'up', '--json');
  }

  async function putBySftp(which: 'first' | 'second' | 'mistakes'): Promise<void> {
    const { host, port } = up.ready['sftp'];
    const batch = path.join(folder, 'batch');
    await writeFile(batch, `put "${path.join(folder, `${which}.csv`)}" /roster.csv\n`);
    const done = await finish('sftp', [
      ...['-F', 'none', '-P', String(port), '-i', path.join(folder, 'key')],
      ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'IdentitiesOnly=yes'],
      ...['-o', `UserKnownHostsFile=${path.join(folder, 'known_hosts')}`],
      ...['-b', batch, `${ID}@${host}`],
    ]);
    expect(done.status, done.stderr).toBe(0);
  }

  async function signal(name: string): Promise<void> {
    const address = ['--address', up.ready['temporal']];
    const args = ['workflow', 'signal', '--name', name, '-w', `onboarding/${ID}`, ...address];
    const done = await finish(inject('temporalBinary'), args);
    expect(done.status, done.stderr).toBe(0);
  }

  async function viewsAre(which: 'first' | 'second'): Promise<void> {
    const db = connect(up.ready['database']);
    try {
      const expected = activeAfter(sampleFile(which));
      for (const [view, query] of Object.entries(ACTIVE_LINES)) {
        const { rows } = await db.raw(query.replace('$1', '?'), [ID]);
        const lines = rows.map((row: { concat_ws: string }) => row.concat_ws).sort();
        expect(lines, view).toEqual(expected[view as keyof Views]);
      }
    } finally {
      await db.destroy();
    }
  }

  it('says what is wrong with a district that makes no sense', async () => {
    const add = (...more: string[]) =>
      rollcall(at, 'district', 'add', 'x', '--name', 'X', '--contact', 'it@x.example', ...more);
    const zone = await add('--seats', '10', '--time-zone', 'Mars/Olympus', '--nightly-at', '03:30');
    expect(zone.status).toBe(2);
    expect(zone.stderr).toMatch(/time zone/i);
    const seats = await add('--seats', 'many', '--time-zone', 'UTC', '--nightly-at', '03:30');
    expect(seats.status).toBe(2);
    const unknown = await rollcall(at, 'status', 'nowhere');
    expect(unknown.status).not.toBe(0);
    expect(unknown.stderr.trim().split('\n')).toHaveLength(1);
  }, 60_000);

  it('is invited, and waits for an upload', async () => {
    const added = await rollcall(
      ...[at, 'district', 'add', ID, '--name', 'Oak Park Schools', '--contact', 'it@oak.example'],
      ...['--seats', '500', '--time-zone', 'America/Chicago', '--nightly-at', '03:30', '--json'],
      ...['--product', 'rocketlit'],
    );
    expect(added.status, added.stderr).toBe(0);
    expect((await rollcall(at, 'onboard', ID, '--json')).status).toBe(0);
    expect((await rollcall(at, 'onboard', ID, '--json')).status).toBe(0);
    const waiting = await stage('awaiting-upload');
    expect(waiting).toMatchObject({
      district: ID,
      waitingOn: 'district',
      workflowId: `onboarding/${ID}`,
    });
  }, 60_000);

  it('gives a password once, and accepts a key', async () => {
    const secret = (await rollcall(at, 'credentials', ID, '--json')).json();
    expect(secret).toMatchObject({
      username: ID,
      port: up.ready['sftp'].port,
      hostKey: up.ready['sftp'].hostKey,
    });
    expect(secret['password'].length).toBeGreaterThan(15);
    const key = await rollcall(
      at,
      'credentials',
      ID,
      '--key',
      path.join(folder, 'key.pub'),
      '--json',
    );
    expect(key.status, key.stderr).toBe(0);
  }, 60_000);

  it('counts no approval and no confirmation that comes too early', async () => {
    expect((await rollcall(at, 'approve', ID)).status).toBe(1);
    await signal('planApproved');
    await signal('loginTestCompleted');
    expect((await rollcall(at, 'status', ID, '--json')).json()['stage']).toBe('awaiting-upload');
  }, 60_000);

  it('goes on after a power cut while it waits for the upload', async () => {
    await powerCutAndUp();
    await stage('awaiting-upload');
    await putBySftp('mistakes');
    await stage('awaiting-correction');
    const report = (await rollcall(at, 'report', ID, '--json')).json();
    expect(report['findings'].length).toBeGreaterThan(0);
    for (const one of report['findings']) {
      expect(one).toMatchObject({
        code: expect.any(String),
        severity: expect.any(String),
        fix: expect.any(String),
      });
    }
  }, 120_000);

  it('goes on after a power cut while it waits for a correction', async () => {
    await powerCutAndUp();
    expect(await stage('awaiting-correction')).toMatchObject({ waitingOn: 'district' });
  }, 120_000);

  it('reads the file after a power cut in the middle of that', async () => {
    await putBySftp('first');
    await powerCutAndUp();
    await stage('awaiting-approval');
  }, 120_000);

  it('goes on after a power cut while support looks at the plan', async () => {
    const before = (await rollcall(at, 'plan', ID, '--json')).json();
    await powerCutAndUp();
    await stage('awaiting-approval');
    const plan = (await rollcall(at, 'plan', ID, '--json')).json();
    expect(plan['hash']).toBe(before['hash']);
    expect(plan['seats'].after).toBe(activeAfter(sampleFile('first')).students.length);
  }, 120_000);

  it('loads the approved plan after a power cut in the middle of that', async () => {
    const approved = await rollcall(at, 'approve', ID, '--json');
    expect(approved.status, approved.stderr).toBe(0);
    await powerCutAndUp();
    await stage('awaiting-login-test');
    await viewsAre('first');
  }, 120_000);

  it('goes on after a power cut while the logins are tested, and while they fail', async () => {
    await powerCutAndUp();
    await stage('awaiting-login-test');
    const failed = await rollcall(at, 'logins-failed', ID, '--reason', 'nobody gets in', '--json');
    expect(failed.status, failed.stderr).toBe(0);
    await stage('login-problem');
    await powerCutAndUp();
    expect(await stage('login-problem')).toMatchObject({ waitingOn: 'support' });
  }, 120_000);

  it('is live after a signal by the Temporal CLI, with its nightly schedule', async () => {
    await signal('loginTestCompleted');
    await stage('live');
    const schedules = await finish(inject('temporalBinary'), [
      ...['schedule', 'list', '--address', up.ready['temporal'], '--output', 'json'],
    ]);
    expect(schedules.stdout).toContain(`nightly/${ID}`);
    expect(schedules.stdout).toContain('"housekeeping"');
  }, 120_000);

  it('syncs a changed file of the same name', async () => {
    await putBySftp('second');
    const synced = await rollcall(at, 'sync', ID, '--wait', '--json');
    expect(synced.status, synced.stderr).toBe(0);
    expect(synced.json()).toMatchObject({ outcome: 'applied', kind: 'manual' });
    await viewsAre('second');
    const again = await rollcall(at, 'sync', ID, '--wait', '--json');
    expect(again.json()).toMatchObject({ outcome: 'unchanged' });
    const runs = (await rollcall(at, 'runs', ID, '--json')).json();
    expect(JSON.stringify(runs)).toContain('"applied"');
  }, 120_000);

  it('refuses a signal for a stage long past', async () => {
    const late = await rollcall(at, 'logins-ok', ID);
    expect(late.status).toBe(1);
    expect(late.stderr.trim().split('\n')).toHaveLength(1);
    expect(late.stderr).toMatch(/live/);
  }, 60_000);
});
