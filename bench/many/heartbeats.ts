/** How late the heartbeats of a workflow's activities are, as the server sees them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

export interface Heartbeats {
  /** The longest time between two, or since the last, seconds. */
  readonly longest: number;
  /** The most tries that an activity took: more than 1 says that one was given up. */
  readonly tries: number;
}

const EVERY_MS = 500;

/** Looks until `done`; activities that do not heartbeat are not looked at. */
export async function watchHeartbeats(
  client: Client,
  workflowId: string,
  done: Promise<unknown>,
): Promise<Heartbeats> {
  let [longest, tries] = [0, 0];
  const over = new AbortController();
  const end = done.finally(() => over.abort()).catch(() => undefined);
  while (!over.signal.aborted) {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const one of raw.pendingActivities ?? []) {
      tries = Math.max(tries, one.attempt ?? 0);
      const last = Number(one.lastHeartbeatTime?.seconds ?? 0);
      if (last > 0) longest = Math.max(longest, Date.now() / 1000 - last);
    }
    await Promise.race([delay(EVERY_MS), end]);
  }
  return { longest: Math.round(longest), tries };
}
