/** Lets time pass on the test server, also after it has miscounted what it waits for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';

const LOOK_EVERY_MS = 1_000;
/** The server's clock is taken to run in real time if it moved no further than this in a look. */
const REAL_TIME_MS = 3 * LOOK_EVERY_MS;
/** So many looks in a row: nothing is under way, and still no time is skipped. */
const LOOKS = 2;

/**
 * Skips `ms` of the server's time. The server skips while its count of things under way is zero;
 * an activity that is cancelled or terminated just when its next try begins is counted for ever
 * (see quiet.ts). So if nothing is under way and time still passes as on the wall, one count is
 * given back, as whoever lost it would have done.
 */
export async function skip(
  env: TestWorkflowEnvironment,
  ms: number,
  isAllQuiet: () => Promise<boolean>,
): Promise<void> {
  let over = false;
  const sleeping = env.sleep(ms).finally(() => (over = true));
  const look = async (): Promise<void> => {
    let stuck = 0;
    let before = await env.currentTimeMs();
    for (;;) {
      await Promise.race([sleeping, delay(LOOK_EVERY_MS)]);
      if (over) return;
      const now = await env.currentTimeMs();
      const isStuck = now - before < REAL_TIME_MS && (await isAllQuiet());
      stuck = isStuck ? stuck + 1 : 0;
      before = now;
      if (stuck < LOOKS || over) continue;
      await env.connection.testService?.unlockTimeSkipping({});
      stuck = 0;
    }
  };
  await Promise.all([sleeping, look()]);
}
