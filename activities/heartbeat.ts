import { Context } from '@temporalio/activity';

/** Well under the 10 to 30 seconds that the profiles allow. */
const EVERY_MS = 3_000;

export interface Heartbeat {
  /** Says how far the work is: numbers only, as the UI shows them. */
  readonly progress: (counts: Readonly<Record<string, number>>) => void;
  readonly stop: () => void;
}

/**
 * Heartbeats with the latest counts: on a timer, as cancellation reaches an activity only with a
 * heartbeat and a slow server may bring nothing for a while; and out of the progress itself, as a
 * busy parser leaves timers waiting.
 */
export function startHeartbeat(): Heartbeat {
  const context = Context.current();
  let latest: Readonly<Record<string, number>> = {};
  let last = 0;
  const beat = (): void => {
    last = performance.now();
    context.heartbeat(latest);
  };
  const timer = setInterval(beat, EVERY_MS);
  beat();
  return {
    progress(counts) {
      latest = counts;
      if (performance.now() - last >= EVERY_MS) beat();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
