import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../roster/findings.js';
import { getCauses, getFindings } from '../../store/read/findings.js';
import type { MailTemplate, RunRef } from '../../workflows/contract.js';
import { csv, pupils, startBench, type Bench } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

/** Stands in every cell that a finding can be about, in a form that no sentence of ours has. */
const MARK = 'zzq';
const row = (cells: Partial<Record<(typeof NAMES)[number], string>>): string =>
  NAMES.map((name) => cells[name] ?? HONEST[name]).join(',');
const NAMES = ['sid', 'sn', 'te', 'tf', 'tl', 'cid', 'cn', 'f', 'l', 'e', 'g'] as const;
const HONEST: Record<(typeof NAMES)[number], string> = {
  sid: '010',
  sn: 'School 010',
  te: 'teach-010@district.example',
  tf: 'Tamsin',
  tl: 'Underhollow',
  cid: '010-S5',
  cn: 'Science 5',
  f: 'Pip',
  l: 'Quillfeather',
  e: `p@pupils.district.example`,
  g: '5',
};
/** One row or two for each kind of rule. */
const BAD_ROWS = [
  row({ e: `${MARK}.example` }),
  row({ e: `${MARK}1@pupils.district.example`, g: `Grade ${MARK}` }),
  row({ e: `${MARK}2@pupils.district.example`, f: `Ann${MARK}` }),
  row({ e: `${MARK}2@pupils.district.example`, f: `Bertram${MARK}`, cid: `${MARK}-7` }),
  row({ e: `${MARK}3@pupils.district.example`, cid: `${MARK}-8`, sid: `${MARK}-9`, sn: MARK }),
  row({ e: `${MARK}3@pupils.district.example`, cid: `${MARK}-8` }),
  row({ e: `${MARK}4@pupils.district.example`, cn: `=${MARK}` }),
  row({ e: `${MARK}5@${MARK}.example` }),
  row({ e: `${MARK}6@gmial.com`, l: MARK }),
  row({ e: `teach-010@district.example`, l: MARK }),
  row({ e: `${MARK}7@example.com`, l: MARK }),
  row({ e: `${MARK}8@pupils.district.example`, f: 'Tamsin', l: 'Underhollow' }),
  row({ e: `${MARK}9@pupils.district.example`, cid: '1.2E+11', cn: `${MARK} 1` }),
  `${MARK},${MARK}`,
  row({ e: `${MARK}a@pupils.district.example`, l: `${MARK}"` }),
  row({ e: `${MARK}b@pupils.district.example`, l: MARK.repeat(100) }),
];
const TEMPLATES: readonly MailTemplate[] = [
  'correction-needed',
  'correction-reminder',
  'file-refused',
  'sync-refused',
  'plan-ready',
  'sync-held',
];

/** Runs one file through every step; gives what went into histories, mails and logs. */
async function everythingSaid(district: string, text: string): Promise<RunRef & { said: string }> {
  bench.logged.length = 0;
  await bench.upload(district, text);
  const { run } = await bench.run('openRun', { district, workflowId: 'test', occasion: '1' });
  const ref = { district, run };
  const answers: unknown[] = [await bench.run('fetchRoster', ref)];
  const reading = bench.start('readRoster', ref);
  const read = await reading.result;
  answers.push(read, reading.heartbeats);
  if (read.ok) answers.push(await bench.run('makePlan', ref));
  answers.push(await bench.run('writeReport', { ...ref, outcome: read.ok ? 'held' : 'refused' }));
  for (const template of TEMPLATES) {
    answers.push(
      await bench.run('sendMail', { district, template, run, key: `${template}/${run}` }),
    );
  }
  const mails = await bench.mail.mails();
  return {
    ...ref,
    said: [JSON.stringify(answers), JSON.stringify(mails), ...bench.logged].join('\n'),
  };
}

describe('what a finding shows of a file', () => {
  it('is in the store and in no answer, heartbeat, mail or log', async () => {
    const district = await bench.district('private');
    const { said, ...ref } = await everythingSaid(district, csv([...pupils(1, 40)], BAD_ROWS));
    const findings = await getFindings(bench.db, ref);
    expect(new Set(findings.map(({ code }) => code)).size).toBeGreaterThan(12);
    expect(JSON.stringify(findings)).toContain(MARK);
    expect(JSON.stringify(await getCauses(bench.db, ref))).toContain(MARK);
    expect(said).toContain('STUDENT');
    expect(said.toLowerCase()).not.toContain(MARK);
    for (const finding of findings) {
      expect(JSON.stringify(explain(finding)).toLowerCase()).not.toContain(MARK);
    }
  });

  it.each([
    ['a header', `${MARK},school_id\n1,2\n`],
    ['a quotation mark', `${csv(pupils(1, 2))}"${MARK}\n`],
    ['an encoding', Buffer.from(`${csv(pupils(1, 2))}${MARK}\xff\n`, 'latin1').toString('latin1')],
  ])('is nowhere else for a file that is refused for %s either', async (what, text) => {
    const district = await bench.district(`refused-for-${what.replaceAll(' ', '-')}`);
    const { said } = await everythingSaid(district, text);
    expect(said.toLowerCase()).not.toContain(MARK);
  });
});
