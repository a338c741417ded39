/** Collects what a letter is made from. */
import { causeCounts } from '../../roster/causes.js';
import { explain } from '../../roster/findings.js';
import { readNote } from '../../store/config/notes.js';
import type { Db } from '../../store/db.js';
import { getCauses } from '../../store/read/findings.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun } from '../../store/read/runs.js';
import { getSamples } from '../../store/read/samples.js';
import type { CauseRecord, District, PlanRecord } from '../../store/types.js';
import type { MailRequest } from '../../workflows/contract.js';
import type { Deps } from '../deps.js';
import { pathForDistrict } from '../source-address.js';
import { type Cause, type LetterFacts, oneLine, type RunFacts, type Upload } from './letter.js';
import { span } from './phrases.js';

const MOST_CAUSES = 5;
/** @param pageUrl the district's page; null in a letter to support */
export async function gatherFacts(
  deps: Deps,
  district: District,
  request: MailRequest,
  pageUrl: string | null,
): Promise<LetterFacts> {
  const { id, name, timeZone, nightlyAt, timings } = district;
  const { vendor, portalUrl, db } = deps;
  const [firstReminder] = timings.remindAfter;
  return {
    vendor: { name: vendor.name, supportAddress: vendor.supportAddress },
    products: productsOf(deps, district),
    district: { id, name: oneLine(name), timeZone, nightlyAt, live: district.liveAt !== null },
    upload: uploadFor(deps, district),
    pageUrl,
    sampleUrl: `${portalUrl}/sample.csv`,
    stage: request.stage ?? null,
    after: {
      firstReminder: firstReminder === undefined ? null : span(firstReminder),
      escalation: span(timings.escalateAfter),
      hold: span(timings.holdFor),
    },
    samples: await samplesOf(db, district.id),
    run: request.run === undefined ? null : await runFacts(db, district.id, request.run),
    problem: request.problem === undefined ? null : oneLine(request.problem, 60),
    reason: await reasonFor(db, request),
    note: request.reason?.startsWith('note/') ? oneLine(request.reason, 60) : null,
  };
}

/** A district without a choice of its own gets all of the vendor's. */
function productsOf({ vendor }: Deps, { products }: District): LetterFacts['products'] {
  if (products.length === 0) return vendor.products;
  return vendor.products.filter(({ id }) => products.includes(id));
}

function uploadFor({ ourSftp }: Deps, district: District): Upload {
  const path = pathForDistrict(district);
  if (district.ownServer || !ourSftp) return { to: 'district', path };
  const { host, port, hostKey, managesAccounts } = ourSftp;
  const username = managesAccounts ? district.id : null;
  return { to: 'vendor', host, port, username, hostKey, path };
}

async function runFacts(db: Db, district: string, number: number): Promise<RunFacts> {
  const ref = { district, run: number };
  const { run, file, rejected, planHash, undoes } = await getRun(db, district, number);
  const causes = causesOf(await getCauses(db, ref));
  const plan = planHash === null ? null : await getPlan(db, district, number);
  return {
    run,
    undoes,
    rows: file?.rows ?? null,
    rejected,
    causes: causes.slice(0, MOST_CAUSES),
    moreCauses: Math.max(0, causes.length - MOST_CAUSES),
    plan: plan && planFacts(plan, await appliedBefore(db, district, plan)),
  };
}

/** The part of the same file that was applied, where the plan is what that left out. */
async function appliedBefore(
  db: Db,
  district: string,
  { restOf }: PlanRecord,
): Promise<LetterPlan['restOf']> {
  if (restOf === null) return null;
  const { run, changes, scope } = await getPlan(db, district, restOf);
  return { run, changes, scope: scope ?? {} };
}

type LetterPlan = NonNullable<RunFacts['plan']>;

/** Whom a plan is about stays in the store. */
function planFacts(
  { changes, seats, held, room, choices }: PlanRecord,
  restOf: LetterPlan['restOf'],
): LetterPlan {
  const counts = room && {
    protected: room.protected,
    duplicates: room.duplicates,
  };
  const withoutHeld = choices[0]?.changes ?? null;
  return { changes, seats, held, room: counts, withoutHeld, restOf };
}

/** Errors only, by code and column, those that touch most people first. Nothing out of the file. */
function causesOf(all: readonly CauseRecord[]): Cause[] {
  const errors = all.filter(({ severity }) => severity === 'error');
  return causeCounts(errors).map(({ code, column, people, rows }) => {
    // A missing column's name is ours; any other value is the district's, and stays in the store.
    const [value] = errors.find((one) => one.code === code)?.values ?? [];
    const facts = { code, column, rows, ...(code.startsWith('COLUMN_') && value ? { value } : {}) };
    return { code, people, rows, ...explain(facts) };
  });
}

async function samplesOf(db: Db, district: string): Promise<LetterFacts['samples']> {
  const { students, teachers } = await getSamples(db, district);
  return { students: students.length, teachers: teachers.length };
}

/** The text of a kept note, or what was given as it is; a note that is gone leaves no reason. */
async function reasonFor(db: Db, { district, reason }: MailRequest): Promise<string | null> {
  if (reason === undefined) return null;
  const text = reason.startsWith('note/') ? await readNote(db, district, reason) : reason;
  return text === null || oneLine(text) === '' ? null : oneLine(text);
}
