import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { type Look, type Policy, SIGNALS, type UploadSeen } from '../contract.js';
import { act } from '../shared/act.js';
import { failureCode } from '../shared/failure-code.js';
import { duration } from '../shared/words.js';
import { ignore } from './listen.js';
import { hasUploadToSee, mailKey, type Onboarding } from './state.js';

const SHORTEST_PAUSE = 10 * 60_000;
const LONGEST_PAUSE = 2 * 3600_000;
/** A sync of an upload normally ends long before; if it is held, the watch goes on meanwhile. */
const LONGEST_REST = 3600_000;

export interface FolderWatch {
  /** There is a file to read. */
  hasNews(): boolean;
  stop(): void;
}

/**
 * Watches the district's folder in the background of a waiting stage: by itself, and at once when
 * an upload is told. What keeps it from looking is told to support, once for each problem.
 */
export function watchFolder(onboarding: Onboarding, policy: Policy): FolderWatch {
  let news = false;
  let fault: unknown;
  const scope = new CancellationScope();
  scope
    .run(() => untilNews(onboarding, policy))
    .then(
      () => (news = true),
      (error: unknown) => {
        if (!isCancellation(error)) fault = error;
      },
    );
  return {
    hasNews() {
      // A fault of our own code must surface in the main function, where Temporal shows it.
      if (fault !== undefined) throw fault;
      return news;
    },
    stop: () => scope.cancel(),
  };
}

async function untilNews(onboarding: Onboarding, policy: Policy): Promise<void> {
  if (onboarding.syncing) await rest(onboarding);
  const { state } = onboarding;
  if (state.trouble > 0 && !hasUploadToSee(onboarding)) await pauseForTrouble(onboarding, policy);
  for (;;) {
    const seen = hasUploadToSee(onboarding)
      ? await lookAsTold(onboarding)
      : await watchUntilTold(onboarding, policy);
    if (seen === 'told' || seen === 'unseen') continue;
    if (seen.state === 'problem') {
      tellProblem(onboarding, seen.problem);
      await pauseForTrouble(onboarding, policy);
      continue;
    }
    state.trouble = 0;
    if (seen.state !== 'none') return;
    // What keeps us out another time is a problem of its own. Not so with a file in sight: fetching
    // it may fail for the same reason again and again.
    state.stay.problems = [];
  }
}

interface Trouble {
  readonly state: 'problem';
  readonly problem: string;
}
type Seen = Exclude<UploadSeen, { state: 'problem' }> | Trouble;

/** One look, as somebody said that the file is there. What is there counts, even if it settles. */
async function lookAsTold(onboarding: Onboarding): Promise<Seen> {
  const { state } = onboarding;
  const upTo = state.uploadsTold;
  const summary = 'an upload was told: look for it';
  const seen = await troubled(act('lookForUpload', lookOf(onboarding), summary));
  if (seen.state === 'none') {
    state.uploadsSeen = upTo;
    const by = { by: state.uploadTeller };
    ignore(state, SIGNALS.fileUploaded, by, 'there is no file in the folder');
  }
  return seen;
}

/** The watch, ended by a settled file, by a signal, or after its day. */
async function watchUntilTold(
  onboarding: Onboarding,
  policy: Policy,
): Promise<Seen | 'told' | 'unseen'> {
  const every = Math.max(policy.lookEvery, 1000);
  const begun = Date.now();
  const scope = new CancellationScope();
  let seen: Seen | undefined;
  let fault: unknown;
  const watching = scope.run(() =>
    act('watchForUpload', lookOf(onboarding), `watch the folder, every ${duration(every)}`, {
      retry: { initialInterval: every, maximumInterval: every },
    }),
  );
  troubled(watching).then(
    (found) => (seen = found),
    (error: unknown) => (fault = error),
  );
  const told = () => hasUploadToSee(onboarding);
  try {
    await condition(() => seen !== undefined || fault !== undefined || told());
  } finally {
    scope.cancel();
  }
  if (seen === undefined) {
    if (told()) return 'told';
    throw fault;
  }
  if (!isEndOfWatch(seen)) return seen;
  // If the next look would be beyond the watch's day, the watch ends at its first look.
  const left = begun + every - Date.now();
  if (left > 0) await condition(told, left, { summary: `next look in ${duration(left)}` });
  return seen.problem === 'NOT_YET' ? { state: 'none' } : 'unseen';
}

/**
 * Before the first upload nobody has read a file for this onboarding. What an earlier onboarding of
 * the district fetched may lie there still, and is news.
 */
const lookOf = ({ state: { district, stay } }: Onboarding): Look =>
  stay.stage === 'awaiting-upload' ? { district, anyFile: true } : { district };

/** The day of this watch is over: no file came, or no worker was there to look. */
const isEndOfWatch = (seen: Seen): seen is Trouble =>
  seen.state === 'problem' && (seen.problem === 'NOT_YET' || seen.problem === 'TIMEOUT');

/** A look that stays broken is a problem like any other. */
async function troubled(look: Promise<UploadSeen>): Promise<Seen> {
  try {
    return await look;
  } catch (error) {
    const problem = failureCode(error);
    if (problem === null) throw error;
    return { state: 'problem', problem };
  }
}

/** Told once for each problem, until the folder could be looked at again. */
export function tellProblem(onboarding: Onboarding, problem: string): void {
  const { state } = onboarding;
  state.trouble += 1;
  if (state.stay.problems.includes(problem)) return;
  state.stay.problems = [...state.stay.problems, problem];
  state.sourceReports += 1;
  const { stage } = state.stay;
  const key = mailKey(onboarding, `source-problem/${stage}/${problem}`, state.sourceReports);
  onboarding.post.send({ template: 'source-problem', key, stage, problem });
}

/** Ten looks' time, doubled for each further problem, at most hours; a told upload ends it. */
async function pauseForTrouble(onboarding: Onboarding, { lookEvery }: Policy): Promise<void> {
  const { state } = onboarding;
  const first = Math.max(lookEvery * 10, SHORTEST_PAUSE);
  const longest = Math.max(lookEvery, LONGEST_PAUSE);
  const pause = Math.min(first * 2 ** (state.trouble - 1), longest);
  const told = state.uploadsTold;
  await condition(() => state.uploadsTold > told, pause, {
    summary: `the folder cannot be looked at: again after ${duration(pause)}`,
  });
}

/** The file at rest is being synced; watching would only see it once more. */
async function rest(onboarding: Onboarding): Promise<void> {
  await condition(() => !onboarding.syncing || hasUploadToSee(onboarding), LONGEST_REST, {
    summary: 'the upload is being synced',
  });
}
