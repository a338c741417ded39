/** What was fetched when, and how long an upload has stood still. */
import type { Db } from './db.js';
import { StoreError } from './errors.js';
import { districtKey, first, isoOrNull, run as execute, unknownRun } from './sql.js';
import type { RunRef } from './types.js';

export interface FetchRecord {
  readonly sha256: string;
  readonly bytes: number;
  /** Milliseconds since the epoch, as the server tells it. */
  readonly modifiedAt: number;
}

/**
 * Notes what the run fetched. A later attempt may note other bytes as long as no plan was made
 * of the first ones. @throws StoreError RUN_UNKNOWN, RUN_PLANNED, DISTRICT_UNKNOWN
 */
export async function recordFetch(db: Db, ref: RunRef, fetched: FetchRecord): Promise<void> {
  const key = await districtKey(db, ref.district);
  const found = await first<{ planned: boolean }>(
    db,
    `select exists (select from rollcall.plans p
                    where p.district_key = r.district_key and p.run = r.run)
            and r.sha256 is distinct from ? as planned
     from rollcall.runs r where r.district_key = ? and r.run = ?`,
    [fetched.sha256, key, ref.run],
  );
  if (!found) throw unknownRun(ref.run);
  if (found.planned) {
    throw new StoreError('RUN_PLANNED', `run ${ref.run} was planned from another file already`);
  }
  await execute(
    db,
    `update rollcall.runs set fetched_at = case when sha256 = ? then fetched_at else now() end,
            sha256 = ?, bytes = ?, modified_at = to_timestamp(?::float8 / 1000)
     where district_key = ? and run = ?`,
    [fetched.sha256, fetched.sha256, fetched.bytes, fetched.modifiedAt, key, ref.run],
  );
}

export interface LastFetch {
  readonly run: number;
  /** The run that fetched it: another one, if this one has what that left out. */
  readonly readRun: number;
  readonly sha256: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
}

/** The newest fetch of a district (of a run before `beforeRun`), or null. */
export async function lastFetch(
  db: Db,
  district: string,
  beforeRun?: number,
): Promise<LastFetch | null> {
  const key = await districtKey(db, district);
  const found = await first<{
    run: number;
    read_run: number;
    sha256: string;
    bytes: string;
    modified_at: Date;
  }>(
    db,
    `select run, coalesce(read_run, run) as read_run, sha256, bytes, modified_at from rollcall.runs
     where district_key = ? and sha256 is not null and run < ?
     order by run desc limit 1`,
    [key, beforeRun ?? 2_147_483_647],
  );
  if (!found) return null;
  const { run, sha256 } = found;
  return {
    run,
    readRun: found.read_run,
    sha256,
    bytes: Number(found.bytes),
    modifiedAt: isoOrNull(found.modified_at) ?? '',
  };
}

export interface Sighting {
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Milliseconds since the epoch, by the caller's clock. */
  readonly now: number;
}

/** Since when size and time of an upload have stood still, as far as anyone looked. */
export async function sightUpload(
  db: Db,
  district: string,
  seen: Sighting,
): Promise<{ stillSince: number }> {
  const key = await districtKey(db, district);
  const sighting = await first<{ still_since: string }>(
    db,
    `insert into rollcall.sightings as s (district_key, size, modified_at, still_since)
     values (?, ?, ?, ?)
     on conflict (district_key) do update set
       still_since = case when (s.size, s.modified_at) = (excluded.size, excluded.modified_at)
                          then least(s.still_since, excluded.still_since)
                          else excluded.still_since end,
       size = excluded.size, modified_at = excluded.modified_at
     returning still_since`,
    [key, seen.size, Math.round(seen.modifiedAt), Math.round(seen.now)],
  );
  return { stillSince: Number(sighting?.still_since ?? seen.now) };
}
