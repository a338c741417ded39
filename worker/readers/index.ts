/**
 * Threads that read large files. Reading half a million rows keeps a thread busy for seconds, in
 * which the main one could neither heartbeat nor answer Temporal for the other districts.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Log } from '../../activities/deps.js';
import { failureOf as failureWith, notYourTurn } from '../../activities/errors.js';
import type { Readers } from '../../activities/ports.js';
import type { ReadOutcome } from '../../workflows/contract.js';
import { type Answer, failureOf, type Said, type Task, type ThreadSettings } from './wire.js';

export interface ReaderSettings extends ThreadSettings {
  readonly threads: number;
  /** The most that the objects of one thread may take, MB; beyond it the thread ends. */
  readonly threadMb: number;
  /** Files from this size on, bytes; default 2 MiB. */
  readonly fromBytes?: number;
  /** One thread is kept from files of this size on, bytes; default 32 MiB. */
  readonly giantBytes?: number;
}

export interface ReaderThreads extends Readers {
  /**
   * Ends the threads, once what they have read is with all workers. Whatever they are reading still
   * fails with READER_DIED.
   */
  close(): Promise<void>;
}

/** Some 10,000 rows: read in 50 ms, with pauses, and in less time than a thread takes to start. */
const LARGE = 2 * 2 ** 20;
/** Some 170,000 rows: a thread that takes one is gone for a second or more. */
const GIANT = 32 * 2 ** 20;

/** An idle thread holds memory; a new one has its modules to load, for up to a second. */
const IDLE_MS = 60_000;
/** Below the main thread, which has all other districts to serve. Ignored where it cannot be. */
const NICE = 5;

/** Threads are started when the first file comes. */
export function createReaders(settings: ReaderSettings, log: Log): ReaderThreads {
  const { databaseUrl, archiveDir, threads, threadMb } = settings;
  const { fromBytes = LARGE, giantBytes = GIANT } = settings;
  const pool = new Piscina({
    ...threadProgram(),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    // A thread that waits in a lock could not notice that its connections were closed.
    atomics: 'disabled',
    niceIncrement: NICE,
    resourceLimits: { maxOldGenerationSizeMb: threadMb },
  });
  const waiting = new Set<AbortController>();
  // A thread that cannot even start would leave its jobs waiting, and others are made at once.
  pool.on('error', () => {
    log.warn({ waiting: waiting.size }, 'a reading thread did not start');
    for (const job of waiting) job.abort();
  });
  const settling = new Set<Promise<unknown>>();
  const mostGiants = Math.max(1, threads - 1);
  let giants = 0;
  return {
    takes: (bytes) => bytes >= fromBytes,
    async read(job, { attempt, progress, signal }) {
      const isGiant = job.fetched.bytes >= giantBytes;
      if (isGiant && giants >= mostGiants) throw notYourTurn(attempt);
      giants += isGiant ? 1 : 0;
      try {
        const settings = { databaseUrl, archiveDir };
        return await readByThread(
          pool,
          { settings, job },
          { progress, signal, log, waiting, settling },
        );
      } finally {
        giants -= isGiant ? 1 : 0;
      }
    },
    async close() {
      await Promise.all(settling);
      await pool.destroy();
    },
  };
}

/** Whatever comes means this. */
const BREAK_OFF = Object.freeze({ is: 'break off' });

interface Listener {
  readonly progress: (counts: Readonly<Record<string, number>>) => void;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Jobs that no thread has begun, to be taken back. */
  readonly waiting: Set<AbortController>;
  /** Jobs that were answered, until their thread has let go of all. */
  readonly settling: Set<Promise<unknown>>;
}

/**
 * A job that waits for a thread is taken back when `signal` aborts; one that was begun is told to
 * break off, and waited for: nothing may write behind the back of the next attempt.
 */
async function readByThread(
  pool: Piscina,
  task: Omit<Task, 'port'>,
  { progress, signal, log, waiting, settling }: Listener,
): Promise<ReadOutcome> {
  signal.throwIfAborted();
  const { port1: ours, port2: port } = new MessageChannel();
  const queued = new AbortController();
  waiting.add(queued);
  const breakOff = (): void =>
    waiting.has(queued) ? queued.abort() : ours.postMessage(BREAK_OFF, []);
  ours.on('message', (said: Said) => {
    if (said.is === 'begun') waiting.delete(queued);
    else if (said.is === 'progress') progress(said.counts);
    else log[said.level](said.fields, said.message);
  });
  signal.addEventListener('abort', breakOff, { once: true });
  try {
    const answer = (await pool.run({ ...task, port } satisfies Task, {
      transferList: [port],
      signal: queued.signal,
    })) as Answer;
    if ('failure' in answer) throw failureOf(answer.failure);
    const settled = once(ours, 'close').finally(() => settling.delete(settled));
    settling.add(settled);
    return answer.outcome;
  } catch (error) {
    ours.close();
    signal.throwIfAborted();
    throw error instanceof Error && error.name === 'ApplicationFailure' ? error : deathOf(error);
  } finally {
    signal.removeEventListener('abort', breakOff);
    waiting.delete(queued);
  }
}

function deathOf(error: unknown): Error {
  const { code } = error as { code?: unknown };
  return failureWith(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'READER_MEMORY' : 'READER_DIED');
}

/** The compiled thread beside us, or the source, for which a thread needs tsx as we do. */
function threadProgram(): { filename: string; execArgv: string[] } {
  const isSource = import.meta.filename.endsWith('.ts');
  const filename = path.join(import.meta.dirname, `thread.${isSource ? 'ts' : 'js'}`);
  if (!isSource) return { filename, execArgv: [] };
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return { filename, execArgv: ['--import', pathToFileURL(tsx).href] };
}
