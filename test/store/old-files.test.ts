/** Files go when a district has kept them long enough, but for those that are still needed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../store/apply.js';
import { setDistrict } from '../../store/config/districts.js';
import { fileContent, keepFile, type FileKind } from '../../store/files.js';
import { dropOldFiles, wantedHere } from '../../store/old-files.js';
import { closePlan } from '../../store/plan-state.js';
import { makePlan } from '../../store/plan.js';
import { getArchived } from '../../store/read/archived.js';
import { closeRun } from '../../store/runs.js';
import type { RunRef } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { fetched, newDistrict, plan, row, sha, stage } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const rows = (...names: string[]) => names.map((name) => row('1', 'ann', 'c1', name));
const identityOf = (text: string) => ({ sha256: sha(text), bytes: Buffer.byteLength(text) });

/** Keeps the run's file, and what it has read, as of some days ago. */
async function keep(ref: RunRef, daysAgo: number): Promise<void> {
  const text = `file of run ${ref.run}`;
  const read = `reading of run ${ref.run}`;
  await keepText(ref, 'roster', text);
  await keepText(ref, 'snapshot', read);
  await test.db.raw(
    `with d as (select key from rollcall.districts where id = :district),
     runs as (update rollcall.runs r set snapshot = :snapshot, sha256 = :sha256,
                fetched_at = now() - make_interval(days => :days),
                started_at = now() - make_interval(days => :days)
              from d where r.district_key = d.key and r.run = :run)
     update rollcall.files f set kept_at = now() - make_interval(days => :days)
     from d where f.district_key = d.key and f.run = :run`,
    { district: ref.district, run: ref.run, days: daysAgo, snapshot: sha(read), sha256: sha(text) },
  );
}
async function* piecesOf(text: string) {
  yield Buffer.from(text);
}
const keepText = (ref: RunRef, kind: FileKind, text: string) =>
  keepFile(test.db, ref, kind, identityOf(text), () => piecesOf(text));
async function isThere({ district }: RunRef, kind: FileKind, text: string): Promise<boolean> {
  const content = await fileContent(test.db, district, kind, sha(text));
  await content?.return(undefined);
  return content !== null;
}
const hasFile = (ref: RunRef) => isThere(ref, 'roster', `file of run ${ref.run}`);
const hasReading = (ref: RunRef) => isThere(ref, 'snapshot', `reading of run ${ref.run}`);
const end = (ref: RunRef) => closeRun(test.db, ref, { outcome: 'refused' });

/** A run with a file of that age, ended without a plan. */
async function ended(district: string, daysAgo: number): Promise<RunRef> {
  const ref = await fetched(test.db, district, rows('a'));
  await keep(ref, daysAgo);
  await end(ref);
  return ref;
}

describe('old files', () => {
  it('go after as many days as the district keeps them', async () => {
    const { id } = await newDistrict(test.db);
    const [old, young] = [await ended(id, 61), await ended(id, 59)];
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 1, snapshots: 2 });
    expect([await hasFile(old), await hasFile(young)]).toEqual([false, true]);
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 0, snapshots: 0 });

    await setDistrict(test.db, id, { keepFiles: 30 });
    expect(await dropOldFiles(test.db, id)).toMatchObject({ files: 1 });
    expect(await hasFile(young)).toBe(false);
  });

  it('of another district stay', async () => {
    const [one, other] = [await newDistrict(test.db), await newDistrict(test.db)];
    const ref = await ended(other.id, 100);
    expect(await dropOldFiles(test.db, one.id)).toEqual({ files: 0, snapshots: 0 });
    expect(await hasFile(ref)).toBe(true);
  });

  it('are counted from the last day on which they were brought', async () => {
    const { id } = await newDistrict(test.db);
    const ref = await ended(id, 100);
    await keepText(ref, 'roster', `file of run ${ref.run}`);
    expect(await dropOldFiles(test.db, id)).toMatchObject({ files: 0 });
    expect(await hasFile(ref)).toBe(true);
  });

  it('stay while the roster stands as they say', async () => {
    const { id } = await newDistrict(test.db);
    const first = await plan(test.db, id, rows('a', 'b'));
    await applyPlan(test.db, first, { planHash: first.plan.planHash, by: 'test' });
    await closeRun(test.db, first, { outcome: 'applied' });
    await keep(first, 100);
    const later = await ended(id, 90);
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 1, snapshots: 1 });
    expect([await hasFile(first), await hasReading(first)]).toEqual([true, true]);
    expect(await hasFile(later)).toBe(false);

    const next = await plan(test.db, id, rows('a', 'c'));
    await applyPlan(test.db, next, { planHash: next.plan.planHash, by: 'test' });
    await closeRun(test.db, next, { outcome: 'applied' });
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 1, snapshots: 1 });
    expect(await hasFile(first)).toBe(false);
  });

  it('stay while their plan waits, and go once it is closed', async () => {
    const { id } = await newDistrict(test.db);
    const ref = await plan(test.db, id, rows('a'));
    await keep(ref, 100);
    await closeRun(test.db, ref, { outcome: 'held' });
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 0, snapshots: 0 });
    await closePlan(test.db, ref, { state: 'rejected', by: 'test' });
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 1, snapshots: 1 });
  });

  it('stay while their run goes on, but not for ever if it was broken off', async () => {
    const { id } = await newDistrict(test.db);
    await setDistrict(test.db, id, { keepFiles: 1 });
    const [going, broken] = [
      await fetched(test.db, id, rows('a')),
      await stage(test.db, id, rows('b')),
    ];
    await keep(going, 29);
    await keep(broken, 31);
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 1, snapshots: 1 });
    expect([await hasFile(going), await hasReading(going)]).toEqual([true, true]);
    expect(await hasFile(broken)).toBe(false);
  });

  it('of what a run left out stay with the run that read them', async () => {
    const { id } = await newDistrict(test.db);
    const reader = await plan(test.db, id, rows('a'));
    await applyPlan(test.db, reader, { planHash: reader.plan.planHash, by: 'test' });
    await closeRun(test.db, reader, { outcome: 'applied' });
    await keep(reader, 100);
    const rest = await stage(test.db, id, rows('b'));
    await test.db.raw(
      `update rollcall.runs r set read_run = :reader, rest_of = :reader, sha256 = o.sha256
       from rollcall.runs o where o.district_key = r.district_key and o.run = :reader
         and r.run = :rest and r.district_key = (select key from rollcall.districts where id = :id)`,
      { id, reader: reader.run, rest: rest.run },
    );
    const { planHash } = await makePlan(test.db, rest);
    await applyPlan(test.db, rest, { planHash, by: 'test' });
    await closeRun(test.db, rest, { outcome: 'applied' });
    expect(await dropOldFiles(test.db, id)).toEqual({ files: 0, snapshots: 0 });
    expect([await hasFile(reader), await hasReading(reader)]).toEqual([true, true]);
  });
});

describe('what a worker keeps of its copies', () => {
  it('is what may be read again or compared with', async () => {
    const { id } = await newDistrict(test.db);
    const [going, over] = [await fetched(test.db, id, rows('a')), await ended(id, 2)];
    await keep(going, 2);
    expect(await wantedHere(test.db, id)).toEqual({
      files: [going.run],
      snapshots: [sha(`reading of run ${going.run}`)],
    });
    expect(over.run).not.toBe(going.run);
  });
});

describe('a run tells of its file', () => {
  it('whether it is still kept, and why not', async () => {
    const { id } = await newDistrict(test.db);
    const [old, young] = [await ended(id, 61), await ended(id, 1)];
    await dropOldFiles(test.db, id);
    expect(await getArchived(test.db, old)).toEqual({ kept: false, why: 'old', keepFiles: 60 });
    expect(await getArchived(test.db, young)).toEqual({ kept: true, keepFiles: 60 });
    await test.db('rollcall.files').delete();
    expect(await getArchived(test.db, young)).toEqual({
      kept: false,
      why: 'unknown',
      keepFiles: 60,
    });
    expect(await getArchived(test.db, { district: id, run: 99 })).toBeNull();
  });
});
