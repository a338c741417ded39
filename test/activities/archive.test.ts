/** Two workers with a folder each, and one Postgres: either finds what the other fetched and read. */
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnMapping } from '../../roster/read-roster.js';
import { setDistrict } from '../../store/config/districts.js';
import type { RunRef } from '../../workflows/contract.js';
import { ACTIVE_LINES, activeAfter } from '../e2e/independent-reading.js';
import {
  csv,
  failureOf,
  pupils,
  startBench,
  startOther,
  type Bench,
  type OtherWorker,
} from './bench.js';

let bench: Bench;
let folder: string;
let other: OtherWorker['worker'];
beforeAll(async () => {
  bench = await startBench();
  const second = await startOther(bench);
  ({ folder, worker: other } = second);
  return async () => {
    await second.close();
    await bench.close();
  };
});

const FIRST = csv(pupils(1, 20));
const SECOND = csv([...pupils(2, 20), ...pupils(31, 32)]);

let districts = 0;
let district: string;
let occasions = 0;
beforeEach(async () => {
  districts += 1;
  district = await bench.district(`shared-${districts}`);
});

async function fetched(text: string, worker = {}): Promise<RunRef> {
  occasions += 1;
  await bench.upload(district, text);
  const opening = { district, workflowId: 'test', occasion: `${occasions}` };
  const ref = { district, run: (await bench.run('openRun', opening)).run };
  expect(await bench.run('fetchRoster', ref, worker)).toMatchObject({ ok: true });
  return ref;
}
async function load(ref: RunRef, worker = {}): Promise<void> {
  expect(await bench.run('readRoster', ref, worker)).toMatchObject({ ok: true });
  const { planHash } = await bench.run('makePlan', ref, worker);
  await bench.run('applyPlan', { ...ref, planHash, by: 'test' }, worker);
  await bench.run('writeReport', { ...ref, outcome: 'applied' }, worker);
}
async function columnOf<T>({ run }: RunRef, name: string): Promise<T> {
  const found = await bench
    .db('rollcall.runs')
    .join('rollcall.districts', 'key', 'district_key')
    .where({ id: district, run })
    .first(name);
  return (found as Record<string, T>)[name]!;
}
async function enrolled(): Promise<string[]> {
  const sql = ACTIVE_LINES.enrollments.replace('$1', '?');
  const answer: { rows: { concat_ws: string }[] } = await bench.db.raw(sql, [district]);
  return answer.rows.map((row) => row.concat_ws).sort();
}
const here = ({ run }: RunRef): string => path.join(bench.archive, district, `${run}.csv`);
const there = ({ run }: RunRef): string => path.join(folder, district, `${run}.csv`);
const damageInPostgres = () => bench.db.raw(`update rollcall.file_pieces set packed = '\\x0102'`);

describe('a file that one worker fetched', () => {
  it('is read by another one, which has a copy of its own then', async () => {
    const ref = await fetched(FIRST);
    await load(ref, other);
    expect(await enrolled()).toEqual(activeAfter(FIRST).enrollments);
    expect(await readFile(there(ref), 'utf8')).toBe(FIRST);
    expect((await readdir(path.join(folder, district))).sort()).toEqual([
      expect.stringMatching(/^1-[0-9a-f]+\.snapshot$/),
      '1.csv',
    ]);
  });

  it('is read again, whole, by another one where the roster has moved since', async () => {
    await load(await fetched(FIRST));
    const second = await fetched(SECOND);
    await bench.run('readRoster', second);
    await bench.db.raw(
      `update rollcall.roster_state set roster_version = roster_version + 1
       where district_key = (select key from rollcall.districts where id = ?)`,
      [district],
    );
    const { planHash } = await bench.run('makePlan', second, other);
    await bench.run('applyPlan', { ...second, planHash, by: 'test' });
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);
  });

  it('is missing if it is nowhere', async () => {
    const ref = await fetched(FIRST);
    await bench.db('rollcall.files').delete();
    const failure = await failureOf(bench.run('readRoster', ref, other));
    expect(failure).toMatchObject({ type: 'ARCHIVE_MISSING', nonRetryable: false });
    expect(await bench.run('readRoster', ref)).toMatchObject({ ok: true });
  });
});

describe('a worker’s damaged copy', () => {
  it.each([
    ['has another row', (file: string) => writeFile(file, csv(pupils(1, 19)))],
    ['is cut', (file: string) => truncate(file, FIRST.length / 2)],
    ['looks like a file that cannot be used', (file: string) => writeFile(file, 'a,b\n1,2\n')],
    ['is empty', (file: string) => truncate(file, 0)],
  ])('that %s is replaced by what was fetched', async (_, damage) => {
    const ref = await fetched(FIRST);
    await damage(here(ref));
    bench.logged.length = 0;
    await load(ref);
    expect(await enrolled()).toEqual(activeAfter(FIRST).enrollments);
    expect(await readFile(here(ref), 'utf8')).toBe(FIRST);
    expect(bench.logged[0]).toBe(
      `{"district":"${district}","run":${ref.run},"isRestored":false} the copy of a file is not what was fetched`,
    );
  });

  it('ends the run if Postgres’ is damaged too, and the next fetch mends both', async () => {
    const ref = await fetched(FIRST);
    await writeFile(here(ref), csv(pupils(1, 4, { last: 'Thistlewood' })));
    await damageInPostgres();
    bench.logged.length = 0;
    const failure = await failureOf(bench.run('readRoster', ref));
    expect(failure).toMatchObject({ type: 'ARCHIVE_DAMAGED', nonRetryable: true });
    expect(failure.message).toContain('a new sync fetches it again');
    const said = `${failure.message} ${failure.stack} ${bench.logged.join('\n')}`;
    expect(said).not.toMatch(/thistlewood|quillfeather|district\.example/i);
    expect(await failureOf(bench.run('makePlan', ref))).toMatchObject({ type: 'NOTHING_STAGED' });

    await load(await fetched(FIRST), other);
    expect(await enrolled()).toEqual(activeAfter(FIRST).enrollments);
  });

  it('ends the run if Postgres has none', async () => {
    const ref = await fetched(FIRST);
    await writeFile(here(ref), csv(pupils(1, 4)));
    await bench.db('rollcall.files').delete();
    const failure = await failureOf(bench.run('readRoster', ref));
    expect(failure).toMatchObject({ type: 'ARCHIVE_DAMAGED', nonRetryable: true });
  });

  it('is noticed before it is shared', async () => {
    const ref = await fetched(FIRST);
    await bench.db('rollcall.files').delete();
    await writeFile(here(ref), csv(pupils(1, 4)));
    expect(await bench.run('fetchRoster', ref)).toMatchObject({ ok: true });
    await load(ref, other);
    expect(await enrolled()).toEqual(activeAfter(FIRST).enrollments);
  });
});

describe('a night on another worker', () => {
  it('is compared with what the first one has read, and says the same', async () => {
    const first = await fetched(FIRST);
    await load(first);
    await bench.settled();
    const second = await fetched(SECOND, other);
    await load(second, other);
    expect(await columnOf(second, 'base_run')).toBe(first.run);
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);

    await other.archive.settled();
    const third = await fetched(FIRST);
    await load(third);
    expect(await columnOf(third, 'base_run')).toBe(second.run);
    expect(await enrolled()).toEqual(activeAfter(FIRST).enrollments);
  });

  it.each([
    ['missing', () => bench.db('rollcall.files').where({ kind: 'snapshot' }).delete()],
    ['damaged', () => damageInPostgres()],
  ])('is compared with the roster where that is %s, and says the same', async (_, spoil) => {
    await load(await fetched(FIRST));
    await bench.settled();
    await spoil();
    const second = await fetched(SECOND, other);
    await load(second, other);
    expect(await columnOf(second, 'base_run')).toBeNull();
    expect(await enrolled()).toEqual(activeAfter(SECOND).enrollments);
  });

  it('reads every line itself where its copy of the file before is damaged', async () => {
    const first = await fetched(FIRST);
    await load(first);
    await writeFile(here(first), FIRST.replaceAll('Quillfeather', 'Thistlewood!'));
    const second = await fetched(FIRST.replace('Pip p20', 'Pip p21'));
    await load(second);
    expect(await columnOf(second, 'base_run')).toBe(first.run);
    const names = await bench
      .db('roster.students')
      .where({ district_id: district })
      .distinct('last_name');
    expect(names).toEqual([{ last_name: 'Quillfeather' }]);
  });

  it('is compared with the reading that counts, not with an earlier one of the same run', async () => {
    const swapped: ColumnMapping = {
      student_first_name: 'student_last_name',
      student_last_name: 'student_first_name',
    };
    const setColumns = (columns: ColumnMapping) => setDistrict(bench.db, district, { columns });
    const first = await fetched(FIRST);
    await setColumns(swapped);
    await bench.run('readRoster', first);
    const lost = await columnOf<string>(first, 'snapshot');
    // That attempt counts as lost, and another worker does it over.
    await setColumns({});
    await load(first, other);
    await other.archive.settled();
    expect(await readdir(path.dirname(here(first)))).toContain(`1-${lost}.snapshot`);
    expect(await columnOf<string>(first, 'snapshot')).not.toBe(lost);

    await setColumns(swapped);
    const second = await fetched(FIRST);
    await load(second);
    expect(await columnOf(second, 'base_run')).toBe(first.run);
    const names = await bench
      .db('roster.students')
      .where({ district_id: district })
      .distinct('first_name');
    expect(names).toEqual([{ first_name: 'Quillfeather' }]);
  });
});

it('what could not be shared is logged without a word of it, and no run ends badly', async () => {
  const ref = await fetched(FIRST);
  await bench.db.raw('alter table rollcall.file_pieces rename to elsewhere');
  bench.logged.length = 0;
  try {
    await load(ref);
    await bench.settled();
  } finally {
    await bench.db.raw('alter table rollcall.elsewhere rename to file_pieces');
  }
  expect(bench.logged).toContain(
    `{"district":"${district}","run":${ref.run}} what was read could not be kept for other workers`,
  );
  expect(bench.logged.join('\n')).not.toMatch(/quillfeather|@/i);
});
