import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import {
  type ReadResult,
  type ReadRow,
  readRoster as readFile,
  ReadWhole,
  type RosterRead,
} from '../roster/read-roster.js';
import { readSnapshot, type Snapshot } from '../roster/snapshot.js';
import { standsAs, type StandsAs } from '../store/plan/state.js';
import { causeCounts, causes } from '../roster/causes.js';
import type { Finding } from '../roster/findings.js';
import { getDistrict } from '../store/config/districts.js';
import { knownRoster } from '../store/known-roster.js';
import { lastFetch, recordRead } from '../store/runs.js';
import { stageRoster } from '../store/staging.js';
import type { FindingTotals, Reading, StagedCounts } from '../store/types.js';
import type { Activities, ReadOutcome, RunRef } from '../workflows/contract.js';
import { fromArchive, OtherBytes } from './archived-file.js';
import { type AtWork, atWork } from './at-work.js';
import type { Deps } from './deps.js';
import { failureOf } from './errors.js';
import { hashedBlocks, hashOf } from './file-blocks.js';
import { oldBytes } from './old-bytes.js';
import type { ReadJob } from './ports.js';
import { readerVersion } from './reader-version.js';

/** What reading needs of the outside. */
export type ReadDeps = Pick<Deps, 'db' | 'archive' | 'log'>;

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

/**
 * Small files are read here, as asking a thread takes longer than reading them; large ones by a
 * thread, where there is one. `whole`: the roster has moved, so the difference to the last accepted
 * file is of no use.
 */
export async function readOnce(
  deps: Deps,
  ref: RunRef,
  tools: AtWork,
  whole?: 'whole',
): Promise<ReadOutcome> {
  const fetched = await lastFetch(deps.db, ref.district, ref.run + 1);
  if (fetched?.run !== ref.run) throw failureOf('ARCHIVE_MISSING');
  const job = { ref, fetched, whole: whole !== undefined };
  const { readers } = deps;
  if (!readers?.takes(fetched.bytes)) return readHere(deps, job, tools);
  return readers.read(job, { ...tools, attempt: Context.current().info.attempt });
}

/** Reads the file in this thread. */
export async function readHere(
  deps: ReadDeps,
  { ref, fetched, whole }: ReadJob,
  tools: AtWork,
): Promise<ReadOutcome> {
  const { db } = deps;
  const stands = await standsAs(db, ref.district);
  const accepted = whole || stands === null ? null : await withSnapshot(deps, ref, stands);
  const { columns, accepts, filter } = await getDistrict(db, ref.district);
  const reading = { columns, accepts, filter };
  const reader = await readerVersion();
  const once = (isTold: boolean): Promise<ReadOutcome> =>
    fromArchive(deps, ref, fetched, tools.signal, async (file) => {
      const old = isTold && accepted ? await oldBytes(deps, ref, accepted) : null;
      const hash = createHash('sha256');
      // Whom a rejected row of that file protects is in the roster and not in what it says.
      const known = accepted?.isAll ? null : await knownRoster(db, ref.district);
      let result: ReadResult | null = null;
      try {
        const staged = await stageRoster(db, ref, async (reject) => {
          const sink = (row: ReadRow) => (row.accepted ? undefined : reject(row.keys, row.line));
          result = await readFile(hashedBlocks(file, hash), sink, {
            onProgress: (bytes, rows) => tools.progress({ bytes, rows }),
            signal: tools.signal,
            known,
            reader,
            rejectedOnly: true,
            before: accepted && {
              snapshot: accepted.snapshot,
              isAll: accepted.isAll,
              areSame: (a, b) => Buffer.compare(a, b) === 0,
              ...(old && { bytes: old.bytes() }),
            },
            ...reading,
          });
          if (!result.ok) return null;
          // What is planned must be what was fetched, whatever happened to the archive in between.
          if (hash.digest('hex') !== fetched.sha256) throw new OtherBytes();
          await old?.assertUnchanged();
          // It is written while the store is given what the file says.
          const snapshotSha256 = keepSnapshot(deps, ref, result, stands?.readRun ?? ref.run);
          const delta = result.difference();
          const base = delta && accepted && { run: accepted.run, gone: delta.gone };
          return { ...result, ...(delta && { says: delta.says, base }), snapshotSha256, reading };
        });
        const read = result as ReadResult | null;
        if (read?.ok && staged) {
          const findings = toMend(read.totals, staged);
          return { ok: true, ...staged, findings, top: topCodes(read.findings) };
        }
        if (read === null || read.ok) throw failureOf('INTERNAL');
        // It was read as far as the first trouble: that may be the copy's and not the file's.
        if ((await hashOf(file)) !== fetched.sha256) throw new OtherBytes();
        await recordRefusal(db, ref, read.finding, reading);
        return { ok: false, problem: read.problem };
      } finally {
        await old?.close();
      }
    });
  try {
    return await once(true);
  } catch (error) {
    if (!(error instanceof ReadWhole)) throw error;
    return once(false);
  }
}

/** Nobody is asked to mend rows that nobody wants. */
const toMend = (totals: FindingTotals, { rejected, outside }: StagedCounts): FindingTotals =>
  outside && outside.rejected >= rejected ? { ...totals, errors: 0 } : totals;

interface Accepted extends StandsAs {
  readonly snapshot: Snapshot;
}

/** What the last accepted file said, if that is still known. */
async function withSnapshot(
  { archive }: ReadDeps,
  { district }: RunRef,
  accepted: StandsAs,
): Promise<Accepted | null> {
  const { readRun: run, snapshotSha256: sha256 } = accepted;
  if (sha256 === null) return null;
  const bytes = await archive.snapshotOf({ district, run }, sha256).catch(() => null);
  const snapshot = bytes && readSnapshot(bytes);
  return snapshot && { ...accepted, snapshot };
}

/** @returns the name under which the next night finds it; null if it could not be kept */
async function keepSnapshot(
  { archive, log }: ReadDeps,
  ref: RunRef,
  read: RosterRead,
  oldest: number,
): Promise<string | null> {
  try {
    return await archive.keepSnapshot(ref, read.snapshot(), oldest);
  } catch {
    // The next night compares with the roster then, which takes longer and says the same.
    log.warn({ ...ref }, 'what was read could not be kept');
    return null;
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
