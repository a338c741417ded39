import type { Log } from '../activities/deps.js';
import { toFailure } from '../activities/errors.js';
import type { Archive } from '../activities/ports.js';

const EVERY_MS = 6 * 3_600_000;

/**
 * Each worker looks after its own copies, from its start on: no other one reaches its disk, and a
 * district may never come its way again. @returns what stops it, and waits for what it is at
 */
export function keepTidy(archive: Pick<Archive, 'tidy'>, log: Log): () => Promise<void> {
  const tidy = (): Promise<void> =>
    archive.tidy().catch((error: unknown) => {
      const { type: code = 'INTERNAL' } = toFailure(error) as { type?: string };
      log.warn({ code }, 'old copies of fetched files could not be removed');
    });
  let current = tidy();
  const timer = setInterval(() => {
    current = tidy();
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return current;
  };
}
