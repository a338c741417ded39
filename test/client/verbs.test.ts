import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRollcall } from '../../client/index.js';
import { connect } from '../../store/db.js';
import { mintLink, openLink } from '../../store/config/links.js';
import { closeRun, openRun, recordFetch, recordRead } from '../../store/runs.js';
import { checkPassword } from '../../store/config/access.js';
import { emptyDatabase } from '../support/postgres.js';
import { until } from '../support/wait.js';
import { rejectionOf } from './errors.js';
import { newDistrict, place, SFTP, VENDOR, type Place } from './place.js';

const OWN_SERVER = {
  host: 'sftp.oak.example',
  port: 22,
  username: 'rollcall',
  path: '/out',
  secretRef: 'env:OAK',
  hostKey: SFTP.hostKey,
};

/** A port that nobody listens on: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('verbs', () => {
  let at: Place;
  beforeAll(async () => {
    at = await place();
  });
  afterAll(async () => {
    await at?.close();
  });
  const withOther = (other: Partial<Parameters<typeof createRollcall>[0]>) =>
    createRollcall({
      temporal: at.client,
      db: at.database.db,
      vendor: VENDOR,
      sftp: SFTP,
      portalUrl: 'https://portal.vendor.example',
      ...other,
    });

  describe('of districts', () => {
    it('keep what was said, in its right spelling, with a warning where one is due', async () => {
      const { district, warnings } = await at.rollcall.addDistrict({
        ...newDistrict('birch'),
        timeZone: 'america/denver',
        nightlyAt: '02:30',
        ownServer: OWN_SERVER,
        limits: { removalPercent: 5 },
      });
      expect(district).toMatchObject({
        id: 'birch',
        timeZone: 'America/Denver',
        ownServer: OWN_SERVER,
        limits: { removalPercent: 5 },
        liveAt: null,
      });
      expect(warnings).toEqual([expect.stringContaining('clocks change')]);
      expect(await at.rollcall.showDistrict('birch')).toEqual(district);
    });

    it('refuse a second district of one id and say how to change the first', async () => {
      await at.rollcall.addDistrict(newDistrict('cedar'));
      const error = await rejectionOf(at.rollcall.addDistrict(newDistrict('cedar')));
      expect(error).toMatchObject({ code: 'DISTRICT_EXISTS', exit: 1 });
      expect(error.message).toContain('npx rollcall district set cedar');
    });

    it('end the links of a former contact, and of nobody else', async () => {
      const { db } = at.database;
      await at.rollcall.addDistrict(newDistrict('rowan-links'));
      await at.rollcall.addDistrict(newDistrict('myrtle'));
      const [old, other] = [await mintLink(db, 'rowan-links'), await mintLink(db, 'myrtle')];
      const same = { contact: 'it@rowan-links.example', seats: 120 };
      expect((await at.rollcall.setDistrict('rowan-links', same)).warnings).toEqual([]);
      expect(await openLink(db, old)).toMatchObject({ state: 'open' });

      const { warnings } = await at.rollcall.setDistrict('rowan-links', {
        contact: 'new@rowan-links.example',
      });
      expect(warnings).toEqual([expect.stringContaining('npx rollcall link rowan-links')]);
      expect(await openLink(db, old)).toEqual({ state: 'expired' });
      expect(await openLink(db, other)).toMatchObject({ state: 'open' });
    });

    it('suggest a near id for one that is not there', async () => {
      await at.rollcall.addDistrict(newDistrict('dogwood'));
      for (const act of [
        () => at.rollcall.status('dogwod'),
        () => at.rollcall.setDistrict('dogwod', { seats: 1 }),
        () => at.rollcall.newPassword('dogwod'),
        () => at.rollcall.runs('dogwod'),
        () => at.rollcall.plan('dogwod', 3),
        () => at.rollcall.sync('dogwod'),
        () => at.rollcall.onboard('dogwod'),
      ]) {
        const error = await rejectionOf(act());
        expect(error).toMatchObject({ code: 'DISTRICT_UNKNOWN', exit: 2 });
        expect(error.message).toContain('Did you mean dogwood?');
        expect(error.message).toContain('npx rollcall district list');
      }
    });

    it('change what is named and leave the rest', async () => {
      const before = (await at.rollcall.addDistrict(newDistrict('elm'))).district;
      const { district, warnings } = await at.rollcall.setDistrict('elm', {
        seats: 7,
        timings: { holdFor: 1_000 },
        ownServer: OWN_SERVER,
      });
      expect(warnings).toEqual([]);
      expect(district).toEqual({
        ...before,
        seats: 7,
        ownServer: OWN_SERVER,
        timings: { ...before.timings, holdFor: 1_000 },
      });
      const back = await at.rollcall.setDistrict('elm', { ownServer: null });
      expect(back.district.ownServer).toBeNull();
    });

    it('change nothing if one of the values is wrong', async () => {
      const before = (await at.rollcall.addDistrict(newDistrict('fir'))).district;
      const act = at.rollcall.setDistrict('fir', { seats: 7, timeZone: 'Mars/Olympus' });
      expect(await rejectionOf(act)).toMatchObject({ code: 'BAD_TIME_ZONE' });
      expect(await at.rollcall.showDistrict('fir')).toEqual(before);
    });
  });

  describe('of access', () => {
    it('make a password that works, and end the one before', async () => {
      await at.rollcall.addDistrict(newDistrict('ginkgo'));
      const first = await at.rollcall.newPassword('ginkgo');
      const second = await at.rollcall.newPassword('ginkgo');
      expect(second).toEqual({
        host: SFTP.host,
        port: SFTP.port,
        username: 'ginkgo',
        password: expect.stringMatching(/^.{20,}$/),
        path: '/roster.csv',
        hostKey: SFTP.hostKey,
      });
      const { db } = at.database;
      expect(await checkPassword(db, 'ginkgo', second.password)).toBe('ginkgo');
      expect(await checkPassword(db, 'ginkgo', first.password)).toBeNull();
    });

    it('accept a public key as ssh-keygen writes it, and say its fingerprint', async () => {
      await at.rollcall.addDistrict(newDistrict('hazel'));
      const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-key-'));
      try {
        const file = path.join(folder, 'key');
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'zoe', '-f', file]);
        const shown = execFileSync('ssh-keygen', ['-lf', `${file}.pub`]).toString();
        const accepted = await at.rollcall.acceptKey('hazel', readFileSync(`${file}.pub`, 'utf8'));
        expect(accepted).toMatchObject({ username: 'hazel', password: null });
        expect(shown).toContain(accepted.fingerprint);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('refuse a private key without repeating it', async () => {
      await at.rollcall.addDistrict(newDistrict('ivy'));
      const { privateKey } = generateKeyPairSync('ed25519');
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const error = await rejectionOf(at.rollcall.acceptKey('ivy', pem));
      expect(error).toMatchObject({ code: 'KEY_INVALID', exit: 2 });
      expect(error.message).toContain('.pub');
      expect(error.message).not.toContain(pem.split('\n')[1]);
    });

    it('are refused where the accounts are not ours', async () => {
      await at.rollcall.addDistrict({ ...newDistrict('juniper'), ownServer: OWN_SERVER });
      expect(await rejectionOf(at.rollcall.newPassword('juniper'))).toMatchObject({
        code: 'OWN_SERVER',
        exit: 1,
      });
      expect(await at.rollcall.access('juniper')).toEqual({
        host: 'sftp.oak.example',
        port: 22,
        username: 'rollcall',
        path: '/out/roster.csv',
        hostKey: SFTP.hostKey,
      });
      await at.rollcall.addDistrict(newDistrict('katsura'));
      const elsewhere = withOther({ sftp: { ...SFTP, managesAccounts: false } });
      const error = await rejectionOf(elsewhere.newPassword('katsura'));
      expect(error).toMatchObject({ code: 'ACCOUNTS_ELSEWHERE', exit: 1 });
      expect(error.message).toContain(SFTP.host);
      expect(await elsewhere.access('katsura')).toBeNull();
    });

    it('say so where there is no server', async () => {
      await at.rollcall.addDistrict(newDistrict('larch'));
      const none = withOther({ sftp: null });
      expect(await rejectionOf(none.newPassword('larch'))).toMatchObject({
        code: 'NO_SFTP_SERVER',
        exit: 3,
      });
    });
  });

  describe('of reports', () => {
    it('say of a file that was met once more what was found when it was read', async () => {
      const { db } = at.database;
      const id = 'met-again';
      await at.rollcall.addDistrict(newDistrict(id));
      const missing = {
        code: 'COLUMN_MISSING',
        severity: 'error',
        line: 1,
        column: 'class_id',
        value: 'class_id',
        rows: 0,
      } as const;
      const none = { rows: 0, accepted: 0, rejected: 0 };
      const meet = async (sha256: string, reads: boolean, outcome: 'refused' | 'unchanged') => {
        const { run } = await openRun(db, {
          district: id,
          workflowId: 'w',
          occasion: `${opened++}`,
        });
        const ref = { district: id, run };
        await recordFetch(db, ref, { sha256: sha256.repeat(64), bytes: 7, modifiedAt: 0 });
        const totals = { errors: sha256 === 'a' ? 1 : 0, warnings: 0, notes: 0 };
        const findings = sha256 === 'a' ? [missing] : [];
        if (reads) await recordRead(db, ref, { ...none, findings, totals });
        await closeRun(db, ref, { outcome });
      };
      let opened = 0;
      await meet('a', true, 'refused');
      await meet('b', true, 'unchanged');
      await meet('a', false, 'refused');
      await meet('b', false, 'unchanged');
      await meet('c', false, 'refused');

      const newest = await at.rollcall.report(id);
      expect(newest).toMatchObject({ run: { run: 3 }, read: { run: 1 } });
      expect(newest.causes).toMatchObject([{ code: 'COLUMN_MISSING' }]);
      const found: unknown[] = [];
      for await (const one of newest.findings()) found.push(one);
      expect(found).toMatchObject([{ code: 'COLUMN_MISSING', value: 'class_id' }]);
      expect(await at.rollcall.report(id, 4)).toMatchObject({ read: { run: 2 }, causes: [] });
      expect(await at.rollcall.report(id, 5)).toMatchObject({ read: null, causes: [] });
    });
  });

  describe('without a worker', () => {
    it('start, show and signal an onboarding all the same', async () => {
      await at.rollcall.addDistrict(newDistrict('maple'));
      expect(await at.rollcall.onboard('maple')).toMatchObject({ started: true });
      const status = await at.rollcall.status('maple');
      expect(status).toMatchObject({
        stage: 'inviting',
        waitingOn: 'system',
        workflow: 'running',
        worker: { running: false },
      });
      const handle = at.client.workflow.getHandle('onboarding/maple');
      const found = await handle.describe();
      expect(await found.staticSummary()).toBe('Onboarding of maple');
      expect(found.priority).toMatchObject({ fairnessKey: 'maple', priorityKey: 2 });
      expect(found.memo).toMatchObject({ since: status.since });
      expect(await at.rollcall.uploaded('maple')).toEqual({
        district: 'maple',
        signal: 'fileUploaded',
        workflowId: 'onboarding/maple',
      });
      const { events } = await handle.fetchHistory();
      const started = events?.[0]?.workflowExecutionStartedEventAttributes;
      expect(JSON.parse(String(started?.input?.payloads?.[0]?.data))).toEqual({
        district: 'maple',
      });
    });

    it('are found in a list by district and by whom they wait for', async () => {
      const query = "RollcallDistrict = 'maple' AND RollcallWaitingOn = 'system'";
      const ids = await until('the workflow is in the list', async () => {
        const found: string[] = [];
        for await (const one of at.client.workflow.list({ query })) found.push(one.workflowId);
        return found.length > 0 && found;
      });
      expect(ids).toEqual(['onboarding/maple']);
    });

    it('take no one’s name or address for who said it', async () => {
      for (const by of ['zoe@maple.example', 'Zoe Smith', '', 'a\nb', '-x', 'x'.repeat(65)]) {
        const error = await rejectionOf(at.rollcall.uploaded('maple', { by }));
        expect(error, by).toMatchObject({ code: 'BAD_BY', exit: 2 });
      }
    });

    it('say of an onboarding that was ended early how to begin again, and begin it', async () => {
      await at.client.workflow.getHandle('onboarding/maple').terminate('test');
      expect(await at.rollcall.status('maple')).toMatchObject({ workflow: 'terminated' });
      const error = await rejectionOf(at.rollcall.uploaded('maple'));
      expect(error).toMatchObject({ code: 'ONBOARDING_ENDED', exit: 1 });
      expect(error.message).toContain('npx rollcall onboard maple');
      expect(await at.rollcall.onboard('maple')).toMatchObject({ started: true });
      expect(await at.rollcall.status('maple')).toMatchObject({ workflow: 'running' });
    });

    it('end the following of a sync that nobody takes up, and say how to start a worker', async () => {
      await at.rollcall.addDistrict(newDistrict('nutmeg'));
      // A workflow at that stage, as the real one would show it.
      const { stageAttributes } = await import('../../client/search-attributes.js');
      await at.client.workflow.start('districtOnboarding', {
        workflowId: 'onboarding/nutmeg',
        taskQueue: 'nobody',
        typedSearchAttributes: await stageAttributes('nutmeg', 'awaiting-login-test', 'district'),
      });
      const said: string[] = [];
      const act = at.rollcall.sync('nutmeg', { wait: true, onProgress: (line) => said.push(line) });
      const error = await rejectionOf(act);
      expect(error).toMatchObject({ code: 'NO_WORKER', exit: 3 });
      expect(error.message).toContain('npx rollcall worker');
      expect(said).toEqual([]);
    });

    it('stop following, not the sync, when they are told to', async () => {
      const synced = await at.rollcall.sync('nutmeg', { wait: true, signal: AbortSignal.abort() });
      expect(synced).toMatchObject({ result: null, record: null });
      const found = await at.client.workflow.getHandle(synced.workflowId).describe();
      expect(found.status.name).toBe('RUNNING');
      expect(found.priority).toMatchObject({ fairnessKey: 'nutmeg', priorityKey: 2 });
    });

    it('list all districts with their stages', async () => {
      const all = await at.rollcall.statusAll();
      const stages = Object.fromEntries(all.map(({ district, stage }) => [district, stage]));
      expect(stages).toMatchObject({ maple: 'inviting', cedar: 'not-started' });
      expect(all.map(({ district }) => district)).toEqual(
        (await at.rollcall.listDistricts()).map(({ id }) => id),
      );
    });
  });

  describe('with a part that is down', () => {
    it('name the address of Temporal and how to start it, within seconds', async () => {
      const address = `127.0.0.1:${await closedPort()}`;
      const connection = Connection.lazy({ address, connectTimeout: '1 second' });
      const rollcall = withOther({ temporal: new Client({ connection }) });
      try {
        const asked = performance.now();
        const error = await rejectionOf(rollcall.status('cedar'));
        expect(performance.now() - asked).toBeLessThan(8_000);
        expect(error).toMatchObject({ code: 'TEMPORAL_DOWN', exit: 3 });
        expect(error.message).toContain(address);
        expect(error.message).toContain('npx rollcall up');
        // What needs no Temporal goes on.
        expect(await rollcall.runs('cedar')).toEqual([]);
      } finally {
        await connection.close();
      }
    });

    it('name a namespace that is not there', async () => {
      const { connection } = at.temporal;
      const rollcall = withOther({ temporal: new Client({ connection, namespace: 'nowhere' }) });
      const error = await rejectionOf(rollcall.status('cedar'));
      expect(error).toMatchObject({ code: 'TEMPORAL_NAMESPACE', exit: 3 });
      expect(error.message).toContain('nowhere');
    });

    it('say of Postgres how to start it, without its password', async () => {
      const db = connect(`postgres://u:hunter2@127.0.0.1:${await closedPort()}/x`);
      try {
        const error = await rejectionOf(withOther({ db }).listDistricts());
        expect(error).toMatchObject({ code: 'POSTGRES_DOWN', exit: 3 });
        expect(error.message).toContain('npx rollcall up');
        expect(error.message).not.toContain('hunter2');
      } finally {
        await db.destroy();
      }
    });

    it('say of an empty database how to set it up', async () => {
      const empty = await emptyDatabase();
      try {
        const error = await rejectionOf(withOther({ db: empty.db }).listDistricts());
        expect(error).toMatchObject({ code: 'NOT_MIGRATED', exit: 3 });
        expect(error.message).toContain('npx rollcall migrate');
      } finally {
        await empty.drop();
      }
    });

    it('say of wrong credentials where to look', async () => {
      const url = new URL(at.database.url);
      url.pathname = '/no_such_database';
      const db = connect(url.href);
      try {
        const error = await rejectionOf(withOther({ db }).listDistricts());
        expect(error).toMatchObject({ code: 'POSTGRES_REFUSED', exit: 3 });
        expect(error.message).toContain('DATABASE_URL');
      } finally {
        await db.destroy();
      }
    });
  });
});
