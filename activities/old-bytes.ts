import { createHash } from 'node:crypto';
import { ReadWhole } from '../roster/read-roster.js';
import type { StandsAs } from '../store/plan/state.js';
import type { RunRef } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** The bytes of the file before, of which lines are told again instead of being read. */
export interface OldBytes {
  /** Each block is good until the next one is asked for. Asked again, it goes on where it was. */
  bytes(): AsyncGenerator<Uint8Array>;
  /** What was told again was not read again, so it must be the very file. @throws ReadWhole */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** Null where this worker has no copy: to bring one takes as long as to read every line. */
export async function oldBytes(
  { archive }: Pick<Deps, 'archive'>,
  { district }: RunRef,
  { readRun: run, sha256 }: StandsAs,
): Promise<OldBytes | null> {
  const source = await archive.contentHere({ district, run }).catch(() => null);
  if (source === null) return null;
  const hash = createHash('sha256');
  // Not `for await`: whoever has read enough closes this, and the rest is still to be hashed.
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = await source.next().catch(() => {
        throw new ReadWhole();
      });
      if (next.done) return;
      hash.update(next.value);
      yield next.value;
    }
  };
  return {
    bytes,
    async assertUnchanged() {
      for await (const _ of bytes()) continue;
      if (hash.digest('hex') !== sha256) throw new ReadWhole();
    },
    close: async () => void (await source.return(undefined)),
  };
}
