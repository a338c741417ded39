/**
 * Keeps the histories that the workflow tests leave, for `replay.test.ts`. With ROLLCALL_RECORD=1
 * a test of test/workflow writes each workflow that it started to
 * `histories/<name>.json`, if its title stands in SCENARIOS. A file that is there is never
 * written again: a history that does not replay any more needs `patched()` in the workflow.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

export const HISTORIES = path.join(import.meta.dirname, 'histories');

/** Titles of tests in test/workflow, and the name under which their histories are kept. */
const SCENARIOS: Readonly<Record<string, string>> = {
  'goes from the invitation to live, through every stage': 'onboarding-live',
  'notices a settled file by watching the folder, without a word': 'onboarding-watched-upload',
  "in 'awaiting-upload' it reminds on days 2, 5 and 10, then weekly, and tells support on day 14":
    'onboarding-reminders',
  'goes back to the district with its reason, and offers nothing': 'onboarding-rejected',
  'in a correction loads what could be read, without the bad rows': 'onboarding-without-bad-rows',
  'supersedes the plan that waits for approval': 'onboarding-newer-upload',
  'lead back to the approval as it stood, with its since and its plan': 'onboarding-same-bytes',
  'asks support again if the plan is another one': 'onboarding-roster-moved',
  'that fails again stays one problem; a new reason is told, the same one is not':
    'onboarding-login-problem',
  'that is held does not hold up going live, and outlives the onboarding':
    'onboarding-upload-in-login-test',
  'is told to support once for each problem, and looked at again later':
    'onboarding-folder-in-trouble',
  'stays in its stage, tells support once a day, and goes on when it is mended':
    'onboarding-outside-broken',
  'closes the run whose plan was on offer': 'onboarding-cancelled',
  'applies a clean file by itself, and says what changed': 'sync-applied',
  'leaves the roster alone when the bytes are those it stands for': 'sync-unchanged',
  'when there is no file': 'sync-refused',
  'waits until an upload stands still': 'sync-settling',
  'applies the plan when it is approved': 'sync-held-approved',
  'changes nothing when it is rejected': 'sync-held-rejected',
  'ends by itself after 14 days': 'sync-held-expired',
  'ends when a newer file takes its place': 'sync-held-superseded',
  'asks support again if the approved plan is another one by now': 'sync-held-twice',
  'that never stands still fails the run instead of turning in circles': 'sync-failed',
  'that is cancelled leaves no plan waiting': 'sync-cancelled',
  'puts back the plan that was looked at, and says by whom': 'undo-applied',
  'asks support again if the plan that was looked at is another one by now': 'undo-held-approved',
  'over its seats changes nothing when it is rejected': 'undo-held-rejected',
  'of a run that cannot be undone fails with the code, and tells support': 'undo-failed',
  'go on at once, and support is asked about the others': 'sync-isolated',
  'applies that part, and holds the rest, which may be parted again': 'sync-part-approved',
  'without a school that is not there is noted, and the plan stays on offer': 'sync-part-refused',
  'ends what is due in every district, and says how much of it': 'housekeeping-done',
  'in which one keeps failing goes on with the others, and names it': 'housekeeping-failed',
  'that has many pages continues as new, and adds them up': 'housekeeping-pages',
  'that is approved in part goes on, and a sync of its own holds the rest':
    'onboarding-part-approved',
  'answers with counts, and changes nothing': 'filter-preview',
};

/** @param title of the test that ran, with those of its suites */
export async function recordHistory(title: string, handle: WorkflowHandle, nth: number) {
  const scenario = SCENARIOS[title.split(' > ').at(-1) ?? ''];
  if (process.env['ROLLCALL_RECORD'] !== '1' || scenario === undefined) return;
  const file = path.join(HISTORIES, `${scenario}${nth === 0 ? '' : `-${nth + 1}`}.json`);
  if (existsSync(file)) return;
  await mkdir(HISTORIES, { recursive: true });
  const history = JSON.parse(historyToJSON(await handle.fetchHistory()), withoutMachine) as unknown;
  await writeFile(file, `${JSON.stringify(history, null, 1)}\n`, { flag: 'wx' });
}

/** A reviver: where a history was recorded, and by whom, is nobody's business. */
function withoutMachine(key: string, value: unknown): unknown {
  return key === 'stackTrace' || key === 'identity' ? undefined : value;
}
