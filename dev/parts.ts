/** The parts of a stack as things to start and to stop in order. */
import { ConfigError } from '../config/settings.js';

/** What has been started, to be stopped in the opposite order whatever happens. */
export interface Stops {
  /** Register right after a start; `name` is for the message if it does not stop. */
  add(name: string, stop: () => Promise<void>): void;
  /** Stops all, the last first; goes on when one fails, and says so. Safe to call again. */
  all(): Promise<void>;
}

export function stopsInOrder(say: (line: string) => void): Stops {
  const started: { name: string; stop: () => Promise<void> }[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    for (let next = started.pop(); next !== undefined; next = started.pop()) {
      try {
        await next.stop();
      } catch (error) {
        say(`${next.name} did not stop well: ${reasonOf(error)}`);
      }
    }
  };
  return {
    add: (name, stop) => void started.push({ name, stop }),
    all: () => (stopping ??= stopAll()),
  };
}

/** Puts the part's name before the reason why it did not start. */
export async function named<T>(name: string, starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = reasonOf(error);
    throw new Error(reason.startsWith(name) ? reason : `${name} did not start: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * Waits for all, then throws the first failure, if any: a part that is still coming up while
 * another one has failed must be there to be stopped.
 */
export async function together<T extends readonly unknown[]>(
  starting: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  // oxlint-disable-next-line typescript/await-thenable -- a tuple of promises, mapped by its type
  const parts = await Promise.allSettled(starting);
  for (const part of parts) if (part.status === 'rejected') throw part.reason;
  return parts.map((part) => (part as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Never settles: for a race that something else decides. */
export const never = new Promise<never>(() => {});
