import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setDistrict } from '../../store/config/districts.js';
import { getFindings } from '../../store/read/findings.js';
import { activeAfter, ACTIVE_LINES, type Views } from '../e2e/independent-reading.js';
import { startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const HEADER =
  'school_id,school_name,teacher_email,teacher_first_name,teacher_last_name,class_id,class_name,student_first_name,student_last_name,student_email,student_grade_level';
const NAMES = ['Quill', 'Tansy', 'Bram', 'Odette', 'Fern', 'Jasper', 'Wren', 'Ciara'];

/** Eight students in two classes whose ids begin with zeros. */
const csv = (change: { zeros?: string; lasts?: readonly string[]; drop?: number } = {}): string => {
  const { zeros = '00', lasts = NAMES, drop = 0 } = change;
  const rows = NAMES.slice(drop).map((name, n) => {
    const cls = `${zeros}${1 + (n % 2)}`;
    return `010,School 010,t@district.example,Tamsin,Moor,${cls},Science ${1 + (n % 2)},${name},${lasts[n + drop]},${name.toLowerCase()}@p.example,5`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
};

let nights = 0;
async function night(district: string, text: string) {
  nights += 1;
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', {
    district,
    workflowId: 'test',
    occasion: `${nights}`,
  });
  const ref = { district, run };
  const fetched = await bench.run('fetchRoster', ref);
  const read = await bench.run('readRoster', ref);
  const planned = await bench.run('makePlan', ref);
  const apply = async () => {
    await bench.run('applyPlan', { ...ref, planHash: planned.planHash, by: 'test' });
    await bench.run('writeReport', { ...ref, outcome: 'applied' });
  };
  return { ref, fetched, read, planned, apply };
}
async function views(district: string): Promise<Views> {
  const entries = Object.entries(ACTIVE_LINES).map(async ([view, sql]) => {
    const answer: { rows: { concat_ws: string }[] } = await bench.db.raw(sql.replace('$1', '?'), [
      district,
    ]);
    return [view, answer.rows.map((row) => row.concat_ws).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as Views;
}

describe('a file beside the last good one', () => {
  it('whose ids lost their zeros changes nothing, and says what happened', async () => {
    const district = await bench.district('zeros');
    await (await night(district, csv())).apply();
    const second = await night(district, csv({ zeros: '' }));
    expect(second.read).toMatchObject({
      accepted: 0,
      rejected: 8,
      top: [{ code: 'ID_ZEROS_LOST', rows: 8 }],
    });
    await second.apply();
    expect(await views(district)).toEqual(activeAfter(csv()));
    expect(await getFindings(bench.db, second.ref)).toMatchObject([
      { code: 'ID_ZEROS_LOST', value: '1 (001 in the last good file)', people: 4 },
      { code: 'ID_ZEROS_LOST', value: '2 (002 in the last good file)', people: 4 },
    ]);
  });

  it('whose ids lost their zeros on purpose is read anew, and loaded, once that is accepted', async () => {
    const district = await bench.district('new-ids');
    await (await night(district, csv())).apply();
    const bare = csv({ zeros: '' });
    // Applied with nothing in it: these bytes are the accepted ones now.
    await (await night(district, bare)).apply();
    const known = await night(district, bare);
    expect(known.fetched).toMatchObject({ same: 'accepted' });
    await setDistrict(bench.db, district, { accepts: ['ID_ZEROS_LOST'] });
    const third = await night(district, bare);
    expect(third.fetched).not.toHaveProperty('same');
    expect(third.read).toMatchObject({ accepted: 8, findings: { errors: 0, notes: 2 } });
    expect(third.planned).toMatchObject({
      held: [],
      // The classes are the same ones, under other ids.
      changes: {
        classes: { added: 0, changed: 2, deactivated: 0 },
        enrollments: { added: 0, deactivated: 0 },
        students: { deactivated: 0 },
      },
    });
    await third.apply();
    expect(await views(district)).toEqual(activeAfter(bare));
    expect(await getFindings(bench.db, third.ref)).toMatchObject([
      { code: 'ID_ZEROS_LOST', severity: 'note' },
      { code: 'ID_ZEROS_LOST', severity: 'note' },
    ]);
    expect((await night(district, bare)).fetched).toMatchObject({ same: 'accepted' });
  });

  it('with a column that was moved alone on purpose is not held, once that is accepted', async () => {
    const district = await bench.district('moved-on-purpose');
    await (await night(district, csv())).apply();
    const moved = csv({ lasts: [...NAMES.slice(1), NAMES[0]!] });
    const held = await night(district, moved);
    expect(held.planned.held).toHaveLength(1);
    await setDistrict(bench.db, district, { accepts: ['COLUMN_SHIFTED'] });
    const again = await night(district, moved);
    expect(again.fetched).not.toHaveProperty('same');
    expect(again.planned).toMatchObject({ held: [], supersedes: [{ run: held.ref.run }] });
  });

  it('with a column that was moved alone is held, whatever the limits say', async () => {
    const district = await bench.district('moved');
    await (await night(district, csv())).apply();
    const lasts = [...NAMES.slice(1), NAMES[0]!];
    const { read, planned } = await night(district, csv({ lasts }));
    expect(read).toMatchObject({ accepted: 8, findings: { errors: 0, warnings: 1 } });
    expect(planned.held).toEqual([
      { limit: 'column-shifted', school: null, value: 100, allowed: 0 },
    ]);
  });

  it('is compared with what was accepted, not with what was refused or is held', async () => {
    const district = await bench.district('accepted');
    const first = await night(district, csv());
    const again = await night(district, csv({ zeros: '', drop: 1 }));
    expect(again.read).toMatchObject({ rejected: 0 });
    expect(first.planned.held).toEqual([]);
  });
});
