/** Runs a stack in the foreground of a terminal: signals, parts that go away, stopping in order. */
import { type Stack, type StackOptions, startStack } from './stack.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-C reaches us from the terminal and once more through npm: one wish, two signals. */
const SAME_WISH_MS = 1_000;

/** Somebody asked to stop before `use` was done. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals;
  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

/**
 * Starts a stack, runs `use` on it and stops it, whatever happens; `asked` aborts on Ctrl-C or
 * SIGTERM. A second one, a second later or more, ends the process at once, and the embedded
 * servers with it (they are guarded). Throws what starting or `use` throws; Interrupted if the signal came before `use` was
 * done and `use` did not take it as its end; an Error of one line if a part went away.
 */
export async function withStack<T>(
  options: Omit<StackOptions, 'signal'>,
  use: (stack: Stack, asked: AbortSignal) => Promise<T>,
): Promise<T> {
  const asking = new AbortController();
  let askedAt = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    if (asking.signal.aborted) {
      if (performance.now() - askedAt < SAME_WISH_MS) return;
      process.exit(130);
    }
    askedAt = performance.now();
    options.say('stopping (once more to force it)');
    asking.abort(new Interrupted(signal));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const stack = await startStack({ ...options, signal: asking.signal });
    try {
      const lost = stack.lost.then((line) => {
        throw new Error(`${line}; everything else is stopped too`);
      });
      lost.catch(() => {});
      return await Promise.race([use(stack, asking.signal), lost]);
    } finally {
      await stack.stop();
    }
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** Resolves when somebody asks to stop: what `up` does once everything runs. */
export function untilAsked(asked: AbortSignal): Promise<void> {
  if (asked.aborted) return Promise.resolve();
  return new Promise((resolve) => asked.addEventListener('abort', () => resolve(), { once: true }));
}
