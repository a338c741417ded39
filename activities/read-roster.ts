import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type ReadResult, type ReadRow, readRoster as readFile } from '../roster/read-roster.js';
import { causeCounts, causes } from '../roster/causes.js';
import type { Finding } from '../roster/findings.js';
import { getDistrict } from '../store/config/districts.js';
import { knownRoster } from '../store/known-roster.js';
import { lastFetch, recordRead } from '../store/runs.js';
import { stageRoster } from '../store/staging.js';
import type { Reading } from '../store/types.js';
import type { Activities, ReadOutcome, RunRef } from '../workflows/contract.js';
import { type AtWork, atWork } from './at-work.js';
import type { Deps } from './deps.js';
import { failureOf } from './errors.js';

const CHUNK_BYTES = 256 * 1024;
const MOST_CODES = 10;

/**
 * Reads the archived file, a row at a time, into the run's staging. Findings stay in the store;
 * what comes back is counts. A file that cannot be used is a value: its one finding is kept with
 * the run, and nothing is staged.
 */
export const readRoster =
  (deps: Deps): Activities['readRoster'] =>
  ({ district, run }) =>
    atWork(deps.db, district, (tools) => readOnce(deps, { district, run }, tools));

async function readOnce({ db, archive }: Deps, ref: RunRef, tools: AtWork): Promise<ReadOutcome> {
  const fetched = await lastFetch(db, ref.district, ref.run + 1);
  if (fetched?.run !== ref.run) throw failureOf('ARCHIVE_MISSING');
  const file = await openArchived(await archive.pathFor(ref));
  const hash = createHash('sha256');
  const known = await knownRoster(db, ref.district);
  const { columns, accepts } = await getDistrict(db, ref.district);
  const reading = { columns, accepts };
  let result: ReadResult | null = null;
  try {
    const staged = await stageRoster(db, ref, async (reject) => {
      const sink = (row: ReadRow) => (row.accepted ? undefined : reject(row.keys));
      result = await readFile(bytesOf(file, hash), sink, {
        onProgress: (bytes, rows) => tools.progress({ bytes, rows }),
        signal: tools.signal,
        known,
        ...reading,
      });
      if (!result.ok) return null;
      // What is planned must be what was fetched, whatever happened to the archive in between.
      if (hash.digest('hex') !== fetched.sha256) throw failureOf('ARCHIVE_DAMAGED');
      return { ...result, reading };
    });
    const read = result as ReadResult | null;
    if (read?.ok && staged) {
      return { ok: true, ...staged, findings: read.totals, top: topCodes(read.findings) };
    }
    if (read === null || read.ok) throw failureOf('INTERNAL');
    await recordRefusal(db, ref, read.finding, reading);
    return { ok: false, problem: read.problem };
  } finally {
    await file.close();
  }
}

async function openArchived(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw failureOf('ARCHIVE_MISSING');
    throw error;
  }
}

/** The signal is looked at by the reader: a stream that knew it, too, could fail unheard. */
async function* bytesOf(file: FileHandle, hash: Hash): AsyncGenerator<Uint8Array> {
  const stream = file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
}

const recordRefusal = (
  db: Deps['db'],
  ref: RunRef,
  finding: Finding,
  reading: Reading,
): Promise<void> =>
  recordRead(db, ref, {
    reading,
    rows: 0,
    accepted: 0,
    rejected: 0,
    findings: [finding],
    totals: { errors: 1, warnings: 0, notes: 0 },
  });

/** The codes that touch most people; a finding about no row in particular counts as one row. */
function topCodes(findings: Iterable<Finding>): { code: string; rows: number }[] {
  const codes = new Map<string, number>();
  for (const { code, rows } of causeCounts(causes(findings))) {
    codes.set(code, (codes.get(code) ?? 0) + Math.max(1, rows));
  }
  return [...codes].map(([code, rows]) => ({ code, rows })).slice(0, MOST_CODES);
}
