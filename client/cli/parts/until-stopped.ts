/** Runs something that lasts until the process is told to end. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Stoppable {
  stop(): Promise<void>;
  /** Settles if it ends by itself, for example because the connection is lost for good. */
  readonly done?: Promise<void>;
}

/**
 * Starts, waits for Ctrl-C, `kill` or the closing of the terminal, and stops in good order. A
 * signal that comes while it starts counts as soon as it has started, so that nothing is left
 * behind half-way.
 */
export async function untilStopped(
  start: (stopping: () => boolean) => Promise<Stoppable>,
): Promise<void> {
  const asking = new AbortController();
  const ask = (): void => asking.abort();
  const asked = new Promise<void>((resolve) => {
    asking.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // Kept to the end: a second Ctrl-C must not cut off the stopping.
  for (const signal of SIGNALS) process.on(signal, ask);
  try {
    const running = await start(() => asking.signal.aborted);
    try {
      await Promise.race([asked, ...(running.done ? [running.done] : [])]);
    } finally {
      await running.stop();
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, ask);
  }
}
