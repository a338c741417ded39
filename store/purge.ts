/**
 * The end of being away: who and what has been inactive for longer than the district keeps it goes
 * for good, with its pairs and with what history says of it. A sync never does this.
 */
import type { Db } from './db.js';
import { lockRoster } from './plan/state.js';
import { PURGED_KINDS, type PurgedKind, tellDue } from './purge/due.js';
import { emptyFindings } from './purge/findings.js';
import { emptyPlans } from './purge/history.js';
import { tellWords } from './purge/words.js';
import { districtKey, first, run as execute } from './sql.js';

/**
 * Schools, classes and people of one transaction. The history is gone through once for it, which
 * takes most of its seconds, so that a small batch takes nearly as long as a large one.
 */
const BATCH = 10_000;

export type Purged = Readonly<Record<PurgedKind, number>>;

/**
 * Purges a batch, in one transaction; asked again when nothing is left, it does nothing. The caller
 * holds the district's lock. @returns how many went @throws StoreError DISTRICT_UNKNOWN
 */
export async function purgeBatch(db: Db, district: string, most = BATCH): Promise<Purged> {
  const key = await districtKey(db, district);
  return db.transaction(async (trx) => {
    await lockRoster(trx, key);
    const due = await tellDue(trx, key, most);
    if (PURGED_KINDS.every((kind) => due[kind] === 0)) return due;
    await tellWords(trx, key);
    await emptyPlans(trx, key);
    await emptyFindings(trx, key);
    await deletePairs(trx, key);
    for (const kind of PURGED_KINDS) {
      await execute(
        trx,
        `delete from rollcall.${kind} r using due x where x.kind = '${kind}' and r.key = x.key`,
      );
    }
    await execute(
      trx,
      `insert into rollcall.purges
         (district_key, away_before, schools, teachers, classes, students)
       select key, now() - make_interval(days => purge_after_days), ?::int, ?::int, ?::int, ?::int
       from rollcall.districts where key = ?`,
      [due.schools, due.teachers, due.classes, due.students, key],
    );
    return due;
  });
}

/** Without a lock, so that a district of whom nobody is due costs one look. */
export async function isAnyoneDue(db: Db, district: string): Promise<boolean> {
  const key = await districtKey(db, district);
  const away = PURGED_KINDS.map(
    (kind) => `exists (
      select from rollcall.${kind} r where r.district_key = d.key and not r.active
        and r.inactive_since < now() - make_interval(days => d.purge_after_days))`,
  );
  const found = await first<{ is: boolean }>(
    db,
    `select ${away.join(' or ')} as is from rollcall.districts d where d.key = ?`,
    [key],
  );
  return found?.is ?? false;
}

async function deletePairs(trx: Db, key: number): Promise<void> {
  for (const [table, people, who] of [
    ['enrollments', 'students', 'student_key'],
    ['class_teachers', 'teachers', 'teacher_key'],
  ] as const) {
    for (const [kind, column] of [
      [people, who],
      ['classes', 'class_key'],
    ] as const) {
      await execute(
        trx,
        `delete from rollcall.${table} e using due x
         where x.kind = '${kind}' and e.district_key = ? and e.${column} = x.key`,
        [key],
      );
    }
  }
  await execute(
    trx,
    `delete from rollcall.samples s using due x
     where s.district_key = ? and s.person_key = x.key
       and x.kind = case s.kind when 'student' then 'students' else 'teachers' end`,
    [key],
  );
}
