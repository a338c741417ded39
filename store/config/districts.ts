/** The districts and their settings. Input is checked by the client; the table is the last guard. */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import { readingJson } from '../reading.js';
import { limitsJson, toLimits, type StoredLimits } from './limits.js';
import { first, iso, isoOrNull, rows, run, storable, unknownDistrict } from '../sql.js';
import { DEFAULT_TIMINGS, KEEP_FILES, PURGE_AFTER_DAYS } from '../types.js';
import type {
  District,
  DistrictInput,
  DistrictPatch,
  OwnServer,
  Reading,
  Timings,
} from '../types.js';

interface DistrictRow {
  id: string;
  name: string;
  contact: string;
  seats: number;
  time_zone: string;
  nightly_at: string;
  products: string[];
  file_name: string;
  own_server: OwnServer | null;
  limits: StoredLimits;
  isolate_schools: boolean;
  purge_after_days: number;
  keep_files: number;
  timings: Partial<Timings>;
  reading: Partial<Reading>;
  live_at: Date | null;
  created_at: Date;
}

const toDistrict = (row: DistrictRow): District => ({
  id: row.id,
  name: row.name,
  contact: row.contact,
  seats: row.seats,
  timeZone: row.time_zone,
  nightlyAt: row.nightly_at,
  products: row.products,
  fileName: row.file_name,
  ownServer: row.own_server,
  limits: toLimits(row.limits),
  isolateSchools: row.isolate_schools,
  purgeAfterDays: row.purge_after_days,
  keepFiles: row.keep_files,
  timings: { ...DEFAULT_TIMINGS, ...row.timings },
  columns: row.reading.columns ?? {},
  accepts: row.reading.accepts ?? [],
  filter: row.reading.filter ?? {},
  liveAt: isoOrNull(row.live_at),
  createdAt: iso(row.created_at),
});

/** @throws StoreError DISTRICT_EXISTS */
export async function addDistrict(db: Db, input: DistrictInput): Promise<District> {
  const added = await first<DistrictRow>(
    db,
    `with added as (
       insert into rollcall.districts (id, name, contact, seats, time_zone, nightly_at, products,
                                       file_name, own_server, limits, timings, reading,
                                       isolate_schools, purge_after_days, keep_files)
       values (?, ?, ?, ?, ?, ?, ?::text[], ?, ?::jsonb, jsonb_strip_nulls(?::jsonb), ?::jsonb,
               jsonb_strip_nulls(?::jsonb), ?, ?, ?)
       on conflict (id) do nothing
       returning *
     ), state as (
       insert into rollcall.roster_state (district_key) select key from added
     )
     select * from added`,
    [
      input.id,
      storable(input.name),
      storable(input.contact),
      input.seats,
      input.timeZone,
      input.nightlyAt,
      [...(input.products ?? [])],
      storable(input.fileName ?? 'roster.csv'),
      input.ownServer ? JSON.stringify(input.ownServer) : null,
      limitsJson(input.limits).json,
      JSON.stringify(input.timings ?? {}),
      readingJson(input),
      input.isolateSchools ?? true,
      input.purgeAfterDays ?? PURGE_AFTER_DAYS,
      input.keepFiles ?? KEEP_FILES,
    ],
  );
  if (added) return toDistrict(added);
  throw new StoreError(
    'DISTRICT_EXISTS',
    `there is already a district "${input.id}"; "rollcall district set" changes it`,
  );
}

const text = (value: string | undefined): string | null =>
  value === undefined ? null : storable(value);

/** Changes what `patch` names, in one statement. @throws StoreError DISTRICT_UNKNOWN */
export async function setDistrict(db: Db, id: string, patch: DistrictPatch): Promise<District> {
  const { json, replaced } = limitsJson(patch.limits);
  const changed = await first<DistrictRow>(
    db,
    `update rollcall.districts set
       name = coalesce(?, name), contact = coalesce(?, contact), seats = coalesce(?::int, seats),
       time_zone = coalesce(?, time_zone), nightly_at = coalesce(?, nightly_at),
       products = coalesce(?::text[], products), file_name = coalesce(?, file_name),
       own_server = case when ?::boolean then ?::jsonb else own_server end,
       limits = jsonb_strip_nulls((limits - ?::text[]) || ?::jsonb), timings = timings || ?::jsonb,
       reading = jsonb_strip_nulls(reading || ?::jsonb),
       isolate_schools = coalesce(?::boolean, isolate_schools),
       purge_after_days = coalesce(?::int, purge_after_days),
       keep_files = coalesce(?::int, keep_files), updated_at = now()
     where id = ? returning *`,
    [
      text(patch.name),
      text(patch.contact),
      patch.seats ?? null,
      text(patch.timeZone),
      text(patch.nightlyAt),
      patch.products ? [...patch.products] : null,
      text(patch.fileName),
      patch.ownServer !== undefined,
      patch.ownServer ? JSON.stringify(patch.ownServer) : null,
      [...replaced],
      json,
      JSON.stringify(patch.timings ?? {}),
      readingJson(patch),
      patch.isolateSchools ?? null,
      patch.purgeAfterDays ?? null,
      patch.keepFiles ?? null,
      storable(id),
    ],
  );
  if (!changed) throw unknownDistrict(id);
  return toDistrict(changed);
}

/** @throws StoreError DISTRICT_UNKNOWN */
export async function getDistrict(db: Db, id: string): Promise<District> {
  const found = await first<DistrictRow>(db, 'select * from rollcall.districts where id = ?', [
    storable(id),
  ]);
  if (!found) throw unknownDistrict(id);
  return toDistrict(found);
}

/** All of them, by id. */
export async function listDistricts(db: Db): Promise<District[]> {
  return (await rows<DistrictRow>(db, 'select * from rollcall.districts order by id')).map(
    toDistrict,
  );
}

/** Ids in their order, behind `after`. */
export async function districtIds(db: Db, after: string | null, most: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    `select id from rollcall.districts where id > coalesce(?, '') order by id limit ?`,
    [after, most],
  );
  return found.map(({ id }) => id);
}

/** Notes when the district went live; the first time stands. @throws StoreError DISTRICT_UNKNOWN */
export async function markLive(db: Db, id: string): Promise<void> {
  const touched = await run(
    db,
    'update rollcall.districts set live_at = coalesce(live_at, now()) where id = ?',
    [storable(id)],
  );
  if (touched === 0) throw unknownDistrict(id);
}
