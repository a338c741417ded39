/**
 * Takes what is due out of what was found in files. Which row a finding is about stays, with its
 * counts; its cell goes. What was put together of such cells goes as a whole: it is worked out anew.
 */
import type { Db } from '../db.js';
import { run } from '../sql.js';
import { rowsThatName } from './find-words.js';

export async function emptyFindings(trx: Db, districtKey: number): Promise<void> {
  await run(
    trx,
    `update rollcall.findings f set value = null, subject = null
     from (${rowsThatName('findings', 'array[t.value, t.subject]')}) named
     where f.district_key = ? and (f.run, f.seq) = (named.run, named.seq)`,
    [districtKey, districtKey, districtKey],
  );
  for (const [table, texts] of [
    ['causes', 'array[t.subject, t.message] || t."values"'],
    ['repairs', 'array[t."before", t."after"]'],
  ] as const) {
    await run(
      trx,
      `delete from rollcall.${table} x using (${rowsThatName(table, texts)}) named
       where x.district_key = ? and (x.run, x.seq) = (named.run, named.seq)`,
      [districtKey, districtKey, districtKey],
    );
  }
}
