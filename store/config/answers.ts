/** Who is who, answered by support: kept for the district, and used by its next plans. */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import type { Linked } from '../types.js';
import { lockRoster } from '../plan/state.js';
import { districtKey, first, rows, run, storable } from '../sql.js';
import { answerable, type Meant } from './answerable.js';

export interface LinkAnswer {
  /** The email or id that the roster has. */
  readonly old: string;
  /** The one that the file has instead, or has beside it. */
  readonly new: string;
  /** Where it cannot be told from the two. */
  readonly kind?: Linked | undefined;
  readonly same: boolean;
  /** Who says so: an id or a door, never a name. */
  readonly by: string;
}
export interface AnswerKept {
  readonly kind: Linked;
  readonly old: string;
  readonly new: string;
  readonly same: boolean;
  /** The run whose plan the answer is about. */
  readonly run: number;
  /** That plan waits, and does not know the answer: it must be made again. */
  readonly waits: boolean;
  /** How many pairs it asks about that have no answer yet. */
  readonly open: number;
  /** False if it was answered so before, or the plan says so already. */
  readonly changed: boolean;
}

/**
 * Keeps the answer in place of an earlier one about the same pair. A plan that waits was made
 * without it, and is not applied any more: it is made again from the same bytes.
 * @throws StoreError DISTRICT_UNKNOWN, NOTHING_ASKED and those of answerable.ts; none quotes a key
 */
export async function answerLink(
  db: Db,
  district: string,
  { old, new: other, kind, same, by }: LinkAnswer,
): Promise<AnswerKept> {
  const key = await districtKey(db, district);
  return db.transaction(async (trx) => {
    // Nobody plans or applies meanwhile.
    await lockRoster(trx, key);
    const plan = await planMeant(trx, key);
    const at = { districtKey: key, run: plan.run };
    const meant = await answerable(trx, at, {
      ...{ kind, same },
      ...{ old: storable(old).trim(), new: storable(other).trim() },
    });
    const changed = !meant.isKnown;
    if (changed) await keep(trx, key, meant, same, by);
    const { old: oldKey, new: newKey } = meant;
    return {
      ...{ kind: meant.kind, old: oldKey, new: newKey, same, run: plan.run, changed },
      waits: plan.waits && (changed || (await isBehind(trx, key, plan.run))),
      open: await countOpen(trx, key, plan.run),
    };
  });
}

/** The plan that waits, or the newest one: answers count for what its file says. */
async function planMeant(trx: Db, key: number): Promise<{ run: number; waits: boolean }> {
  const found = await first<{ run: number; state: string }>(
    trx,
    `select p.run, p.state from rollcall.plans p join rollcall.runs r using (district_key, run)
     where p.district_key = ? and r.undoes is null
     order by p.state = 'waiting' desc, p.run desc limit 1`,
    [key],
  );
  if (!found || found.state === 'applied') {
    throw new StoreError(
      'NOTHING_ASKED',
      found
        ? `no plan waits: that of run ${found.run} is applied, and who is who is answered before that`
        : 'this district has no plan yet, so there is nobody to tell apart',
    );
  }
  return { run: found.run, waits: found.state === 'waiting' };
}

async function keep(
  trx: Db,
  key: number,
  { kind, entity, new: newKey }: Meant,
  same: boolean,
  by: string,
): Promise<void> {
  if (same) {
    // One of an earlier file, which is not in this one any more.
    await run(
      trx,
      `delete from rollcall.link_answers
       where district_key = ? and kind = ? and is_same and (entity = ? or new_key = ?)`,
      [key, kind, entity, newKey],
    );
  }
  await run(
    trx,
    `insert into rollcall.link_answers (district_key, kind, entity, new_key, is_same, answered_by)
     values (?, ?, ?, ?, ?, ?)
     on conflict (district_key, kind, entity, new_key) do update
       set is_same = excluded.is_same, answered_by = excluded.answered_by, answered_at = now()`,
    [key, kind, entity, newKey, same, by],
  );
  await run(trx, 'update rollcall.districts set answers = answers + 1 where key = ?', [key]);
}

async function isBehind(trx: Db, key: number, number: number): Promise<boolean> {
  const found = await first<{ is: boolean }>(
    trx,
    `select p.answers <> d.answers as is
     from rollcall.plans p join rollcall.districts d on d.key = p.district_key
     where p.district_key = ? and p.run = ?`,
    [key, number],
  );
  return found?.is ?? false;
}

/** Pairs without an answer, of which neither side is said to be another. */
async function countOpen(trx: Db, key: number, number: number): Promise<number> {
  const found = await rows<{ count: number }>(
    trx,
    `select count(*)::int as count from rollcall.plan_links l
     where l.district_key = ? and l.run = ? and not l.is_same
       and not exists (
         select from rollcall.link_answers a
         where a.district_key = l.district_key and a.kind = l.kind
           and ((a.entity = l.entity and a.new_key = l.new_key)
                or (a.is_same and (a.entity = l.entity or a.new_key = l.new_key))))`,
    [key, number],
  );
  return found[0]?.count ?? 0;
}
