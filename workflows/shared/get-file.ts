import { sleep } from '@temporalio/workflow';
import type { Fetched, FileProblem, Policy, RunRef } from '../contract.js';
import { act } from './act.js';
import { duration } from './words.js';

/** How often a file that is still being written is looked at, or fetched, anew. */
const LOOKS = 10;
const FETCHES = 5;

/**
 * Waits until the upload stands still. Null when there is a file to fetch, else why not.
 */
export async function waitForQuietFile(
  district: string,
  { quietFor }: Policy,
): Promise<FileProblem | null> {
  for (let looks = 1; ; looks += 1) {
    const seen = await act('lookForUpload', { district }, 'look for the file');
    if (seen.state === 'problem') return seen.problem;
    if (seen.state === 'none') return 'NO_FILE';
    if (seen.state !== 'settling') return null;
    if (looks === LOOKS) return 'FILE_CHANGED';
    await sleep(pause(quietFor), {
      summary: `the upload has to stand still for ${duration(quietFor)}`,
    });
  }
}

/** Fetches the run's file; one that changes meanwhile is tried again when it may be at rest. */
export async function fetchQuietFile(ref: RunRef, { quietFor }: Policy): Promise<Fetched> {
  for (let fetches = 1; ; fetches += 1) {
    const fetched = await act('fetchRoster', ref, `run ${ref.run}: fetch the file`);
    if (fetched.ok || fetched.problem !== 'FILE_CHANGED' || fetches === FETCHES) return fetched;
    await sleep(pause(quietFor), { summary: 'the file changed while it was fetched' });
  }
}

/** A quiet time of nothing must not become a busy loop. */
const pause = (quietFor: number): number => Math.max(quietFor, 1000);
