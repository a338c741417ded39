import { ApplicationFailure, continueAsNew, log, setCurrentDetails } from '@temporalio/workflow';
import type { Duty, DutyDone, HousekeepingInput, HousekeepingResult } from './contract.js';
import { act } from './shared/act.js';
import { failureCode } from './shared/failure-code.js';
import { counted } from './shared/words.js';

/** Districts of one execution: a few thousand events at most. */
const PAGE = 100;
const MOST_FAILURES = 20;

const NOTHING: HousekeepingResult = { districts: 0, counts: {}, failed: 0, failures: [] };

/**
 * Each day, for each district: every duty in turn. A district in which one fails is looked at again
 * the next day, and holds up nobody; a page of districts an execution, so that histories stay short.
 */
export async function housekeeping(input?: HousekeepingInput): Promise<HousekeepingResult> {
  const { district, after, sofar = NOTHING } = input ?? {};
  let sum = sofar;
  const only = typeof district === 'string' ? { only: district } : {};
  const from = { after: after ?? null, most: PAGE, ...only };
  const page = await surely(
    act('nextDistricts', from, after === undefined ? 'the first districts' : `after ${after}`),
  );
  for (const one of page.districts) {
    show(sum, `looking after \`${one}\``);
    for (const duty of page.duties) sum = await fulfil(sum, duty, one);
    sum = { ...sum, districts: sum.districts + 1 };
  }
  if (page.next !== null) {
    await continueAsNew<typeof housekeeping>({ after: page.next, sofar: sum });
  }
  show(sum, 'done');
  return sum;
}

/** Without its districts there is nothing to do; the next day may have them. */
async function surely<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    const code = failureCode(error);
    if (code === null) throw error;
    throw ApplicationFailure.nonRetryable(`housekeeping could not begin: ${code}`, code);
  }
}

/** Until there is nothing left to do of it. */
async function fulfil(
  before: HousekeepingResult,
  duty: Duty,
  district: string,
): Promise<HousekeepingResult> {
  let sum = before;
  try {
    for (let more = true; more;) {
      const done: DutyDone = await act(duty, { district }, `${district}: ${WORDS[duty]}`);
      sum = { ...sum, counts: added(sum, done) };
      more = done.more;
    }
    return sum;
  } catch (error) {
    const code = failureCode(error);
    if (code === null) throw error;
    log.warn('a duty could not be done', { district, duty, code });
    const failures = [...sum.failures, { district, duty, code }].slice(0, MOST_FAILURES);
    return { ...sum, failed: sum.failed + 1, failures };
  }
}

const WORDS: Readonly<Record<Duty, string>> = {
  purgeInactive: 'purge who was away for too long',
  forgetOldFiles: 'forget what was found in old files',
  dropOldFiles: 'remove old files',
};

function added({ counts }: HousekeepingResult, done: DutyDone): HousekeepingResult['counts'] {
  const sum: Record<string, number> = { ...counts };
  for (const [name, count] of Object.entries(done.counts)) {
    if (count > 0) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

function show({ districts, counts, failed, failures }: HousekeepingResult, doing: string): void {
  const gone = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const lines = [
    `Housekeeping: ${doing}. ${counted(districts, 'district')} done.`,
    gone.length === 0 ? 'Nothing had to go.' : `Gone for good: ${gone.join(', ')}.`,
    ...(failed === 0 ? [] : [`${counted(failed, 'duty')} failed, to be tried again tomorrow:`]),
    ...failures.map(({ district, duty, code }) => `- \`${district}\`: ${WORDS[duty]} (${code})`),
  ];
  setCurrentDetails(lines.join('\n\n'));
}
