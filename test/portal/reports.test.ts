import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RollcallError } from '../../client/errors.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { addDistricts, OTHERS, OURS, portalOn, visit, visitByLink } from './fixture.js';
import { finding, standIn, WITH_MISTAKES } from './stand-in.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await addDistricts(database.db);
});
afterAll(() => database?.drop());

const AT = `/d/${OURS}/reports/run-1.csv`;

describe('the full report of a run', () => {
  it('is linked from the page, holds every finding, and no cell of it runs', async () => {
    const many = Array.from({ length: 9_000 }, (_, n) =>
      finding({
        code: 'EMAIL_MALFORMED',
        line: n + 2,
        column: 'student_email',
        value: n === 0 ? '=1+1' : `v${n}`,
      }),
    );
    const { app } = portalOn(database.db, {
      stage: 'awaiting-correction',
      runs: [WITH_MISTAKES],
      findings: many,
    });
    const guest = await visitByLink(database.db, app);
    expect(await (await guest.get(`/d/${OURS}`)).text()).toContain(`href="${AT}"`);
    const answer = await guest.get(AT);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('run-1.csv');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const rows = parse<Record<string, string>>(await answer.text(), { bom: true, columns: true });
    expect(rows).toHaveLength(9_000);
    expect(rows[0]).toMatchObject({ line: '2', code: 'EMAIL_MALFORMED', value: "'=1+1" });
    expect(rows[0]!['what to do']).toContain('Write one full address');
  });

  it('is for those who hold a link of that district alone', async () => {
    const { app } = portalOn(database.db);
    expect((await visit(app).get(AT)).status).toBe(403);
    expect((await (await visitByLink(database.db, app, OTHERS)).get(AT)).status).toBe(403);
  });

  it.each(['run-x.csv', 'run-1', 'run--1.csv', 'run-1.csv.csv', '..%2Frun-1.csv'])(
    'is not there under another name: %s',
    async (name) => {
      const guest = await visitByLink(database.db, portalOn(database.db).app);
      expect((await guest.get(`/d/${OURS}/reports/${name}`)).status).toBe(404);
    },
  );

  it('is not there for a run that there is none of', async () => {
    const { verbs } = standIn();
    const report = () => Promise.reject(new RollcallError('RUN_UNKNOWN', 'There is no run 9.', 2));
    const { app } = portalOn(database.db, {}, { rollcall: { ...verbs, report } });
    const guest = await visitByLink(database.db, app);
    expect((await guest.get(`/d/${OURS}/reports/run-9.csv`)).status).toBe(404);
  });
});
