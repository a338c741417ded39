/** What a filter does between a file and the roster, and how one comes to be set. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RosterFilter } from '../../roster/filter.js';
import { askPreview, confirmFilter } from '../../store/config/filters.js';
import { getDistrict, setDistrict } from '../../store/config/districts.js';
import { askedPreview, keepPreview, planOnTrial } from '../../store/filter-preview.js';
import { newestReadable } from '../../store/filter-file.js';
import { getPreview, type FilteredFile, type FilterPreview } from '../../store/read/filter.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun, listRuns } from '../../store/read/runs.js';
import { closeRun, sameBytes } from '../../store/runs.js';

import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { outcomeOf } from './as-file.js';
import {
  active,
  fetched,
  newDistrict,
  night,
  plan,
  rejected,
  row,
  sha,
  views,
  type FileRow,
} from './support.js';

/** Ann has science in both schools; Bob and Cid each have art and science; Dee has art only. */
const ANN = row('A', 'tina', 'sci-a', 'ann');
const ANN_TOO = row('B', 'uma', 'sci-b', 'ann');
const BOB = row('A', 'tina', 'sci-a', 'bob');
const BOB_ART = row('A', 'theo', 'art-a', 'bob');
const CID = row('B', 'uma', 'sci-b', 'cid');
const DEE_ART = row('A', 'theo', 'art-a', 'dee');
const ALL = [ANN, ANN_TOO, BOB, BOB_ART, CID, DEE_ART];

const SCIENCE: RosterFilter = { only: { classes: ['sci-*'] } };

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

const after = async (rows: readonly FileRow[], filter: RosterFilter = {}) => {
  await night(test.db, district, rows, { filter });
  return active(test.db, district);
};

describe('a file with a filter', () => {
  it('has in the roster what is inside, and says what is not', async () => {
    expect(await after(ALL, SCIENCE)).toEqual({
      schools: ['A', 'B'],
      teachers: ['tina', 'uma'],
      students: ['ann', 'bob', 'cid'],
      classes: ['sci-a', 'sci-b'],
      class_teachers: ['sci-a:tina', 'sci-b:uma'],
      enrollments: ['sci-a:ann', 'sci-a:bob', 'sci-b:ann', 'sci-b:cid'],
    });
    const outside = { rows: 2, rejected: 0, schools: 0, classes: 1, teachers: 1, students: 1 };
    expect((await getRun(test.db, district)).outside).toEqual(outside);
    expect((await getPlan(test.db, district)).outside).toEqual(outside);
  });

  it('takes the others out of the roster by an ordinary plan, and gives them back whole', async () => {
    await night(test.db, district, ALL);
    const before = await views(test.db, district);
    const narrowed = await plan(test.db, district, ALL, { filter: SCIENCE });
    expect(narrowed.plan.changes).toMatchObject({
      students: { added: 0, changed: 0, deactivated: 1 },
      classes: { deactivated: 1 },
      enrollments: { deactivated: 2 },
    });
    expect((await after(ALL, SCIENCE)).students).toEqual(['ann', 'bob', 'cid']);
    await night(test.db, district, ALL);
    expect(await views(test.db, district)).toEqual(before);
  });

  it('is judged by the limits as any other', async () => {
    const many = Array.from({ length: 40 }, (_, n) => row('A', 'tina', 'sci-a', `s${n}`));
    const arts = Array.from({ length: 20 }, (_, n) => row('A', 'theo', 'art-a', `a${n}`));
    await night(test.db, district, [...many, ...arts]);
    const { held } = (await plan(test.db, district, [...many, ...arts], { filter: SCIENCE })).plan;
    expect(held.map(({ limit, school }) => [limit, school])).toContainEqual([
      'students-removed',
      null,
    ]);
    // The file is as long as it was.
    expect(held.map(({ limit }) => limit)).not.toContain('rows-down');
  });

  it('that was known without it, or with another one, is read again', async () => {
    await night(test.db, district, ALL);
    const again = await fetched(test.db, district, ALL);
    const hash = sha(JSON.stringify(ALL));
    expect(await sameBytes(test.db, again, hash)).toMatchObject({ same: 'accepted' });
    await setDistrict(test.db, district, { filter: SCIENCE });
    expect(await sameBytes(test.db, again, hash)).toBeNull();
    await night(test.db, district, ALL, { filter: SCIENCE });
    expect(await sameBytes(test.db, again, hash)).toMatchObject({ same: 'accepted' });
    await setDistrict(test.db, district, { filter: { without: { schools: ['B'] } } });
    expect(await sameBytes(test.db, again, hash)).toBeNull();
  });
});

describe('a rejected row', () => {
  beforeEach(() => night(test.db, district, ALL));

  it('of a class outside protects nobody', async () => {
    const rest = [ANN, ANN_TOO, BOB, CID, BOB_ART];
    for (const bad of [rejected(DEE_ART), rejected(DEE_ART, 'studentEmail')]) {
      expect((await after([...rest, bad], SCIENCE)).classes).toEqual(['sci-a', 'sci-b']);
      expect((await active(test.db, district)).students).toEqual(['ann', 'bob', 'cid']);
      await night(test.db, district, ALL);
    }
  });

  it('of a school outside protects nobody, though its class is lost', async () => {
    const onlyB: RosterFilter = { only: { schools: ['B'] } };
    const seen = await after([ANN_TOO, CID, rejected(DEE_ART, 'classId')], onlyB);
    expect(seen.students).toEqual(['ann', 'cid']);
  });

  it('of a class inside protects as ever', async () => {
    const seen = await after([ANN, ANN_TOO, CID, DEE_ART, rejected(BOB)], SCIENCE);
    expect(seen.enrollments).toEqual(['sci-a:ann', 'sci-a:bob', 'sci-b:ann', 'sci-b:cid']);
  });

  it('of which class and school are lost protects as ever', async () => {
    const seen = await after([ANN, CID, rejected(DEE_ART, 'classId', 'schoolId')], SCIENCE);
    expect(seen.students).toEqual(['ann', 'cid', 'dee']);
  });

  it('leaves a class whole whose wanted teacher may stand on it', async () => {
    // Theo and Tina teach art together; only Tina's classes are wanted, and her address is spoilt.
    const both = [...ALL, row('A', 'tina', 'art-a', 'bob')];
    await night(test.db, district, both);
    const byTina: RosterFilter = { only: { teachers: ['tina@t.example'] } };
    const spoilt = rejected(row('A', 'tina', 'art-a', 'bob'), 'teacherEmail');
    const seen = await after([...ALL, spoilt], byTina);
    expect(seen.enrollments).toEqual(['art-a:bob', 'art-a:dee', 'sci-a:ann', 'sci-a:bob']);
    expect(seen.class_teachers).toEqual(['art-a:theo', 'art-a:tina', 'sci-a:tina']);
    // Where nobody doubts that she has left it, it goes.
    expect((await after(ALL, byTina)).classes).toEqual(['sci-a']);
  });

  it('counts for the error rate only where it is inside', async () => {
    const good = Array.from({ length: 40 }, (_, n) => row('A', 'tina', 'sci-a', `s${n}`));
    const bad = Array.from({ length: 4 }, (_, n) => row('A', 'theo', 'art-a', `a${n}`));
    await night(test.db, district, good, { filter: SCIENCE });
    const holds = async (rows: readonly FileRow[], filter: RosterFilter) =>
      (await plan(test.db, district, rows, { filter })).plan.held.map(({ limit }) => limit);
    const file = [...good, ...bad.map((one) => rejected(one, 'studentEmail'))];
    expect(await holds(file, SCIENCE)).toEqual([]);
    expect((await getRun(test.db, district)).outside).toMatchObject({ rows: 0, rejected: 4 });
    expect(await holds(file, {})).toContain('error-rate');
    const inside = good.slice(0, 4).map((one) => rejected(one, 'studentEmail'));
    expect(await holds([...good.slice(4), ...inside], SCIENCE)).toContain('error-rate');
  });
});

describe('a filter is looked at before it counts', () => {
  const seen: FilteredFile = {
    file: { run: 1, sha256: sha(JSON.stringify(ALL)) },
    ...{ schools: { all: 2, inside: 2 }, classes: { all: 3, inside: 2 } },
    ...{ teachers: { all: 3, inside: 2 }, students: { all: 4, inside: 3 } },
    ...{ bySchool: [], unknown: [] },
  };
  const tried = () =>
    newestReadableOf(district).then((file) =>
      planOnTrial(test.db, district, file!, async () =>
        outcomeOf(ALL, { reading: { filter: SCIENCE } }),
      ),
    );
  async function newestReadableOf(id: string) {
    const { key } = await test.db('rollcall.districts').where({ id }).first('key');
    return newestReadable(test.db, key as number);
  }
  async function answered(result: FilterPreview, filter = SCIENCE): Promise<string> {
    const preview = await askPreview(test.db, district, filter);
    await keepPreview(test.db, { district, preview }, result);
    return preview;
  }
  const ready = async (): Promise<FilterPreview> => {
    const { held, seats, changes, kept, outside } = (await tried())!;
    return { state: 'ready', ...seen, plan: { held, seats, changes, kept, outside } };
  };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code?: string }) => error.code,
    );

  it('by the very plan that a sync would make, of which nothing stays', async () => {
    await night(test.db, district, ALL);
    const before = await active(test.db, district);
    const trial = await tried();
    const tables = () =>
      test.db.raw<{ rows: unknown[] }>(
        `select tablename from pg_tables where tablename ~ '_2000000000$'`,
      );
    expect((await tables()).rows).toEqual([]);
    expect(await listRuns(test.db, district)).toHaveLength(1);
    expect(await active(test.db, district)).toEqual(before);
    const { plan: real } = await plan(test.db, district, ALL, { filter: SCIENCE });
    expect(trial).toMatchObject({
      hash: real.planHash,
      changes: real.changes,
      held: real.held,
      seats: { before: 4, after: 3 },
      outside: { classes: 1, students: 1, rows: 2 },
    });
  });

  it('and only what was looked at is set, once', async () => {
    await night(test.db, district, ALL);
    const preview = await answered(await ready());
    expect(await getPreview(test.db, district, preview)).toMatchObject({ filter: SCIENCE });
    expect((await getDistrict(test.db, district)).filter).toEqual({});
    expect((await confirmFilter(test.db, district, preview)).filter).toEqual(SCIENCE);
    expect((await getDistrict(test.db, district)).filter).toEqual(SCIENCE);
    expect(await codeOf(confirmFilter(test.db, district, preview))).toBe('PREVIEW_UNKNOWN');

    const none = await answered(await ready(), {});
    expect((await confirmFilter(test.db, district, none)).filter).toEqual({});
  });

  it('not one that nobody has looked at, nor one in whose place another was asked for', async () => {
    await night(test.db, district, ALL);
    const first = await askPreview(test.db, district, SCIENCE);
    expect(await codeOf(confirmFilter(test.db, district, first))).toBe('PREVIEW_UNKNOWN');
    const second = await answered(await ready());
    await keepPreview(test.db, { district, preview: first }, { state: 'no-file' });
    expect(await askedPreview(test.db, { district, preview: first })).toBeNull();
    expect(await codeOf(confirmFilter(test.db, district, first))).toBe('PREVIEW_UNKNOWN');
    expect((await getPreview(test.db, district, second))?.result?.state).toBe('ready');
  });

  it.each<[string, FilterPreview, string]>([
    ['leaves no class', { state: 'nothing', ...seen }, 'PREVIEW_EMPTY'],
    ['met no readable file', { state: 'unreadable', problem: 'NOT_CSV' }, 'PREVIEW_BLIND'],
    ['met no file that is still kept', { state: 'gone' }, 'PREVIEW_BLIND'],
    ['was made before the first file', { state: 'no-file' }, 'PREVIEW_OLD'],
  ])('not one that %s', async (_, result, code) => {
    await night(test.db, district, ALL);
    expect(await codeOf(confirmFilter(test.db, district, await answered(result)))).toBe(code);
    expect((await getDistrict(test.db, district)).filter).toEqual({});
  });

  it('not when a newer file has come since', async () => {
    await night(test.db, district, ALL);
    const preview = await answered(await ready());
    const { run } = await fetched(test.db, district, [ANN]);
    expect(await codeOf(confirmFilter(test.db, district, preview))).toBe('PREVIEW_OLD');
    // One that cannot be read is no newer one to look at; one outside the filter is.
    await closeRun(test.db, { district, run }, { outcome: 'refused', problem: 'NOT_CSV' });
    expect((await newestReadableOf(district))?.run).toBe(1);
    const empty = await fetched(test.db, district, [BOB]);
    await closeRun(test.db, empty, { outcome: 'refused', problem: 'FILTER_EMPTY' });
    expect((await newestReadableOf(district))?.run).toBe(empty.run);
  });
});
