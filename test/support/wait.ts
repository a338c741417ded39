import { setTimeout as delay } from 'node:timers/promises';

/** How often a probe is asked; short enough not to matter, long enough not to load two cores. */
const ASK_EVERY_MS = 50;

/**
 * Asks until there is an answer other than undefined, null or false. When the time is over it
 * throws and names `what`, with the last answer or error, so that a hanging test says what it
 * waited for. `timeoutMs` is 20 s by default, below the test's own limit.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  timeoutMs = 20_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const found = await within(what, Promise.resolve(probe()), end - Date.now());
      if (found !== undefined && found !== null && found !== false) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= end)
      throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what} (last: ${shown(last)})`, {
        cause: last,
      });
    await delay(ASK_EVERY_MS);
  }
}

/** The promise's own result, or after `timeoutMs` an error that names `what`. */
export async function within<T>(what: string, promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer in time: ${what}`)),
      Math.max(timeoutMs, 1),
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function shown(value: unknown): string {
  if (value instanceof Error) return value.message;
  return JSON.stringify(value)?.slice(0, 500) ?? String(value);
}
