/** Which part of what a file says becomes the plan, and what a person could choose instead. */
import { changesNothing } from '../../roster/plan-words.js';
import type { PlanScope, Planned } from '../../workflows/contract.js';
import type { Db } from '../db.js';
import type { HeldLimit, PlanChoice } from '../types.js';
import { toTables } from './all-new.js';
import { writeAndJudge, type Planning, type PlanNumbers } from './numbers.js';
import { onTrial } from './savepoint.js';
import { narrow, scopeOf } from './scope.js';

/** A part that a person wants, of the plan with the hash `of`. */
export interface WantedPart {
  readonly scope: PlanScope;
  readonly of?: string | undefined;
}
export interface Chosen {
  readonly numbers: PlanNumbers;
  readonly noPart?: NonNullable<Planned['noPart']>;
  /** The other schools are over their limits, so they are left out without being asked. */
  readonly isolated: boolean;
  readonly choices: readonly PlanChoice[];
}

/** The part that was asked for, if it can be made; else the whole stands, with the reason. */
export async function takePart(
  trx: Db,
  planning: Planning,
  whole: PlanNumbers,
  { scope, of }: WantedPart,
): Promise<Chosen> {
  const stays = (noPart: NonNullable<Planned['noPart']>): Chosen => ({
    ...{ numbers: whole, noPart, isolated: false, choices: [] },
  });
  if (of !== undefined && of !== whole.hash) return stays('OTHER_PLAN');
  const known = new Set(whole.bySchool.map(({ school }) => school));
  const { withoutSchools = [] } = scopeOf(scope);
  if (!withoutSchools.every((school) => known.has(school))) return stays('SCHOOL_UNKNOWN');
  const part = await tryPart(trx, planning, scope, ({ changes }) => !changesNothing(changes));
  if (changesNothing(part.changes)) return stays('NOTHING_LEFT');
  return { numbers: part, isolated: false, choices: [] };
}

/**
 * The whole, or, where only schools are over their limits and `mayIsolate`, what is left without
 * those, if that is within all limits. What a held plan could be narrowed to is worked out, too.
 */
export async function isolate(
  trx: Db,
  planning: Planning,
  whole: PlanNumbers,
  mayIsolate: boolean,
): Promise<Chosen> {
  const schools = heldSchools(whole.held);
  if (schools.length === 0) return { numbers: whole, isolated: false, choices: [] };
  const onlySchools = whole.held.every(({ school }) => school !== null);
  const goes = ({ held, changes }: PlanNumbers): boolean =>
    mayIsolate && onlySchools && held.length === 0 && !changesNothing(changes);
  const part = await tryPart(trx, planning, { withoutSchools: schools }, goes);
  if (goes(part)) return { numbers: part, isolated: true, choices: [] };
  const choices = changesNothing(part.changes) ? [] : [choiceOf(part)];
  return { numbers: whole, isolated: false, choices };
}

const tryPart = (
  trx: Db,
  planning: Planning,
  scope: PlanScope,
  isTaken: (part: PlanNumbers) => boolean,
): Promise<PlanNumbers> =>
  onTrial(trx, async (trial) => {
    if (planning.allNew) await toTables(trial);
    await narrow(trial, planning.target.districtKey, scope);
    const answer = await writeAndJudge(trial, planning, scopeOf(scope));
    return { stands: isTaken(answer), answer };
  });

const choiceOf = ({ scope, changes, seats, held }: PlanNumbers): PlanChoice => ({
  scope,
  changes,
  seatsAfter: seats.after,
  limitsOver: held.length,
});

export const heldSchools = (held: readonly HeldLimit[]): readonly string[] =>
  scopeOf({ withoutSchools: held.flatMap(({ school }) => school ?? []) }).withoutSchools ?? [];
