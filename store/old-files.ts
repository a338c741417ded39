/** Fetched files hold children's data, so they do not stay longer than the district has it. */
import type { Db } from './db.js';
import { districtKey, first, rows } from './sql.js';

/**
 * The runs whose file may have to be read again, and with what was read of it compared: the one
 * that the roster stands as, those whose plan waits, those that go on. No run goes on for a month:
 * one that did not end was broken off from outside, and must not keep its file for ever.
 * Takes the district's key.
 */
const NEEDED = `
  select coalesce(r.read_run, r.run) as run, r.sha256, coalesce(r.snapshot, reader.snapshot) as snapshot
  from rollcall.runs r
  join rollcall.roster_state s on s.district_key = r.district_key
  left join rollcall.runs reader
    on reader.district_key = r.district_key and reader.run = r.read_run
  where r.district_key = ?
    and (r.run = s.accepted_run
      or (r.ended_at is null and r.started_at > now() - interval '30 days')
      or exists (select from rollcall.plans p
                 where p.district_key = r.district_key and p.run = r.run and p.state = 'waiting'))`;

export interface Dropped {
  /** Files that nobody has uploaded for as many days as the district keeps them. */
  readonly files: number;
  /** What was read of files, and will not be compared with any more. */
  readonly snapshots: number;
}

/** Deletes what is too old and not needed any more; safe at any time. @throws StoreError DISTRICT_UNKNOWN */
export async function dropOldFiles(db: Db, district: string): Promise<Dropped> {
  const key = await districtKey(db, district);
  const dropped = await first<Dropped>(
    db,
    `with needed as (${NEEDED}), dropped as (
       delete from rollcall.files f using rollcall.districts d
       where f.district_key = ? and d.key = f.district_key
         and case f.kind
           when 'roster' then f.kept_at < now() - make_interval(days => d.keep_files)
             and not exists (select from needed n where n.sha256 = f.sha256)
           else not exists (select from needed n where n.snapshot = f.sha256)
         end
       returning f.kind)
     select count(*) filter (where kind = 'roster')::int as files,
            count(*) filter (where kind = 'snapshot')::int as snapshots
     from dropped`,
    [key, key],
  );
  return dropped ?? { files: 0, snapshots: 0 };
}

export interface WantedHere {
  /** Runs whose file may have to be read again. */
  readonly files: readonly number[];
  /** Hashes of what was read and will be compared with. */
  readonly snapshots: readonly string[];
}

/**
 * What a worker does not delete of its copies, however old they are: the next night goes by it, and
 * it may be the only one to have it. @throws StoreError DISTRICT_UNKNOWN
 */
export async function wantedHere(db: Db, district: string): Promise<WantedHere> {
  const found = await rows<{ run: number; snapshot: string | null }>(db, NEEDED, [
    await districtKey(db, district),
  ]);
  return {
    files: found.map(({ run }) => run),
    snapshots: found.flatMap(({ snapshot }) => snapshot ?? []),
  };
}
