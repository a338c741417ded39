/** The part of a plan that somebody wants to approve, checked against that plan. */
import { additionsOf, changesNothing } from '../roster/plan-words.js';
import type { PlanRecord } from '../store/types.js';
import type { PlanScope } from '../workflows/contract.js';
import { refused, usage } from './errors.js';
import { didYouMean } from './near.js';
import type { WantedPart } from './types.js';

const SCHOOLS_SHOWN = 20;

/** Null: all of it. Refuses what the process would turn down, as that can only note it. */
export function readPart(id: string, plan: PlanRecord, wanted: WantedPart): PlanScope | null {
  const { withoutSchools = [], withoutHeldSchools = false, additionsOnly = false } = wanted;
  const isPart = withoutSchools.length > 0 || withoutHeldSchools || additionsOnly;
  if (!isPart) return null;
  if (plan.undo) {
    throw refused(
      'UNDO_WHOLE',
      `Run ${plan.run} is an undo, which is approved whole or not at all.`,
    );
  }
  const known = plan.bySchool.map(({ school }) => school);
  const named = withoutSchools.map((school) => readSchool(plan, known, school));
  const held = withoutHeldSchools ? heldSchools(id, plan) : [];
  const schools = [...new Set([...named, ...held])].sort();
  const leavesNothing =
    known.every((school) => schools.includes(school)) ||
    (additionsOnly && changesNothing(additionsOf(plan.changes)));
  if (leavesNothing) {
    throw refused(
      'NOTHING_LEFT',
      `That leaves nothing of the plan of run ${plan.run} to apply; to leave the roster as it is, \`npx rollcall reject ${id} --reason …\`.`,
    );
  }
  return {
    ...(schools.length > 0 && { withoutSchools: schools }),
    ...(additionsOnly && { additionsOnly }),
  };
}

function readSchool(plan: PlanRecord, known: readonly string[], given: string): string {
  const school = given.trim();
  if (known.includes(school)) return school;
  const shown = known.slice(0, SCHOOLS_SHOWN).join(', ');
  const more = known.length > SCHOOLS_SHOWN ? ` and ${known.length - SCHOOLS_SHOWN} more` : '';
  throw usage(
    'SCHOOL_UNKNOWN',
    `The plan of run ${plan.run} changes nothing in a school "${school.slice(0, 60)}".${didYouMean(school, known)} It is about: ${shown}${more}.`,
  );
}

function heldSchools(id: string, { run, held }: PlanRecord): string[] {
  const schools = held.flatMap(({ school }) => school ?? []);
  if (schools.length > 0) return schools;
  const why = held.length === 0 ? 'is within all limits' : 'is over a limit of the whole district';
  throw refused(
    'NO_SCHOOL_HELD',
    `The plan of run ${run} ${why}, so no school stands out: name schools with --without-school, or see \`npx rollcall plan ${id} ${run}\`.`,
  );
}
