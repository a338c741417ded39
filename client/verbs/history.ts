import type { Context } from '../context.js';
import { refused, RollcallError, usage } from '../errors.js';
import type { Rollcall } from '../types.js';
import {
  findingsPage,
  getCauses,
  getRepairs,
  type FindingsPage,
} from '../../store/read/findings.js';
import { getArchived } from '../../store/read/archived.js';
import { getPlan } from '../../store/read/plan.js';
import { getRun, listRuns } from '../../store/read/runs.js';
import { getSamples } from '../../store/read/samples.js';
import type { FindingRecord, RunRecord, RunRef } from '../../store/types.js';

type Verbs = Pick<Rollcall, 'runs' | 'plan' | 'report' | 'samples'>;

export function historyVerbs(context: Context): Verbs {
  const runs = async (id: string): Promise<RunRecord[]> => {
    await context.district(id);
    const all = await context.store((db) => listRuns(db, id));
    return all.toSorted((a, b) => b.run - a.run);
  };
  /** The run that is named, or the newest that is `wanted`. */
  const chosen = async (
    id: string,
    run: number | undefined,
    wanted: (one: RunRecord) => boolean,
    none: string,
  ): Promise<RunRecord> => {
    if (run !== undefined) return named(context, id, run);
    const newest = (await runs(id)).find(wanted);
    if (newest) return newest;
    throw refused('NO_RUN', `${id} has no run ${none} yet; see \`npx rollcall status ${id}\`.`);
  };
  return {
    runs,

    async plan(id, run) {
      const meant = await chosen(id, run, (one) => one.planHash !== null, 'with a plan');
      if (meant.planHash === null) {
        throw refused(
          'NO_PLAN',
          `Run ${meant.run} of ${id} made no plan (${meant.problem ?? meant.outcome ?? 'it is still going on'}); see \`npx rollcall report ${id} ${meant.run}\`.`,
        );
      }
      return context.store((db) => getPlan(db, id, meant.run));
    },

    async report(id, run) {
      const all = await runs(id);
      const meant = await chosen(id, run, (one) => hasReport(one, all), 'that read a file');
      const read = readerOf(meant, all);
      const ref = { district: id, run: (read ?? meant).run };
      const causes = await context.store((db) => getCauses(db, ref));
      const repairs = await context.store((db) => getRepairs(db, ref));
      const own = { district: id, run: meant.run };
      const archived = await context.store((db) => getArchived(db, own));
      const findings = () => findingsOf(context, ref);
      return { run: meant, read, archived, causes, repairs, findings };
    },

    async samples(id) {
      await context.district(id);
      return context.store((db) => getSamples(db, id));
    },
  };
}

/** Bytes that are known are not read again: what is to say of them was found by an earlier run. */
function readerOf(run: RunRecord, newestFirst: readonly RunRecord[]): RunRecord | null {
  if (run.findings !== null) return run;
  const { file } = run;
  if (file === null) return null;
  const isReader = (one: RunRecord): boolean =>
    one.run < run.run && one.findings !== null && one.file?.sha256 === file.sha256;
  return newestFirst.find(isReader) ?? null;
}

/** A file that was turned away once more is what somebody has to mend now. */
const hasReport = (run: RunRecord, all: readonly RunRecord[]): boolean =>
  run.findings !== null || (isTurnedAway(run) && readerOf(run, all) !== null);

const isTurnedAway = ({ outcome }: RunRecord): boolean =>
  outcome === 'refused' || outcome === 'rejected';

/** A page at a time, as there may be a million. */
async function* findingsOf(context: Context, ref: RunRef): AsyncGenerator<FindingRecord> {
  for (let after: number | null = 0; after !== null;) {
    const from: number = after;
    const page: FindingsPage = await context.store((db) => findingsPage(db, ref, from));
    yield* page.findings;
    after = page.next;
  }
}

/** The run of that number. Throws BAD_RUN, RUN_UNKNOWN, DISTRICT_UNKNOWN. */
export async function named(context: Context, id: string, run: number): Promise<RunRecord> {
  if (!Number.isSafeInteger(run) || run < 1 || run > 2 ** 31 - 1) {
    throw usage('BAD_RUN', `Runs are counted 1, 2, 3 …; \`npx rollcall runs ${id}\` lists them.`);
  }
  await context.district(id);
  try {
    return await context.store((db) => getRun(db, id, run));
  } catch (error) {
    if (!(error instanceof RollcallError) || error.code !== 'RUN_UNKNOWN') throw error;
    throw usage('RUN_UNKNOWN', `${id} has no run ${run}; \`npx rollcall runs ${id}\` lists them.`);
  }
}
