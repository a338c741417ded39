import { readdir, readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFile } from '../../dev/sample/index.js';
import { connect, type Db } from '../../store/db.js';
import { everythingKept, foundIn, personalData } from './histories.js';
import { ACTIVE_LINES, activeAfter, type Views } from './independent-reading.js';
import { place, processesNaming, stay, type Place, type Running } from './processes.js';

/** `npx rollcall demo`, as anybody runs it, in a home with a space in its path. */
describe('the whole demo', () => {
  let at: Place;
  let demo: Running;
  let db: Db;
  let client: Client;

  beforeAll(async () => {
    at = place(path.join(await mkdtemp(path.join(tmpdir(), 'rollcall e2e ')), 'home'));
    demo = await stay(at, 'demo', '--json');
    db = connect(demo.ready['stack'].database);
    client = new Client({
      connection: await Connection.connect({ address: demo.ready['stack'].temporal }),
    });
  }, 240_000);

  afterAll(async () => {
    await db?.destroy();
    await client?.connection.close();
    await demo?.stop();
    if (at) await rm(path.dirname(at.home), { recursive: true, force: true });
  }, 60_000);

  it('walks through every stage of an onboarding with one correction', () => {
    expect(demo.ready['stages']).toEqual(
      expect.arrayContaining([
        'awaiting-upload',
        'awaiting-correction',
        'awaiting-approval',
        'awaiting-login-test',
        'live',
      ]),
    );
    expect(demo.ready['stages'].at(-1)).toBe('live');
  });

  it("uploads with OpenSSH's own sftp", () => {
    expect(demo.ready['uploader']).toBe('openssh');
  });

  it('ends night 1 unchanged and night 2 with exactly the difference of the two files', () => {
    const [first, night1, night2] = demo.ready['nights'];
    expect(first.run.outcome).toBe('applied');
    expect(night1.run.outcome).toBe('unchanged');
    expect(night2.run.outcome).toBe('applied');
    const before = activeAfter(sampleFile('first'));
    const after = activeAfter(sampleFile('second'));
    const left = (view: keyof Views): number => before[view].length - kept(view);
    const kept = (view: keyof Views): number =>
      before[view].filter((line) => after[view].includes(line)).length;
    const { enrollments, classTeachers } = night2.run.changes;
    expect(enrollments.deactivated).toBe(left('enrollments'));
    expect(enrollments.added + enrollments.reactivated).toBe(
      after.enrollments.length - kept('enrollments'),
    );
    expect(classTeachers.deactivated).toBe(left('class_teachers'));
  });

  it('leaves the views as another reading of the second file has them', async () => {
    const expected = activeAfter(sampleFile('second'));
    for (const [view, query] of Object.entries(ACTIVE_LINES)) {
      const { rows } = await db.raw(query.replace('$1', '?'), [demo.ready['district']]);
      const lines = rows.map((row: { concat_ws: string }) => row.concat_ws).sort();
      expect(lines, view).toEqual(expected[view as keyof Views]);
    }
  });

  it('makes the nightly schedule in the zone and hour of the district', async () => {
    const schedule = client.schedule.getHandle(`nightly/${demo.ready['district']}`);
    const described = await schedule.describe();
    expect(described.spec.timezone).toBe('America/Los_Angeles');
    expect(described.action.workflowType).toBe('rosterSync');
    expect(described.info.nextActionTimes.length).toBeGreaterThan(0);
  });

  it('keeps no name, address or password in any history', async () => {
    const secrets = ['first', 'second', 'mistakes'].flatMap((which) =>
      personalData(sampleFile(which as 'first')),
    );
    const kept = await everythingKept(client);
    expect(kept.size).toBeGreaterThanOrEqual(3);
    for (const [workflow, text] of kept) {
      expect(foundIn(text, secrets), workflow).toEqual([]);
      expect(text, workflow).not.toMatch(/[\w.+-]+@[\w-]+\.example/);
    }
  });

  it('would find a name in a history', () => {
    const [somebody = ''] = personalData(sampleFile('first'));
    expect(foundIn(`{"reason":"${somebody}"}`, [somebody])).toEqual([somebody]);
  });

  it('mails without names, and to the district with a link', async () => {
    const folder = demo.ready['stack'].mailFolder;
    const secrets = personalData(sampleFile('mistakes')).filter((one) => !one.includes('@'));
    const mails = await readdir(folder);
    expect(mails.length).toBeGreaterThanOrEqual(4);
    for (const mail of mails) {
      const text = await readFile(path.join(folder, mail), 'utf8');
      expect(foundIn(text.replaceAll('=\r\n', ''), secrets), mail).toEqual([]);
    }
  });

  it('leaves no process behind when it is interrupted', async () => {
    expect(processesNaming(at.home).length).toBeGreaterThan(0);
    await db.destroy();
    await client.connection.close();
    expect(await demo.stop('SIGINT')).toBe(0);
    expect(processesNaming(at.home)).toEqual([]);
  }, 60_000);
});
