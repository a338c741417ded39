/**
 * What it takes to keep a fetched file in Postgres (fsync on), and to have it back. Prints one line
 * of JSON a turn.
 *
 *     node --import tsx bench/archive.ts FILE [TURNS]
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../dev/postgres.js';
import { addDistrict } from '../store/config/districts.js';
import { connect, type Db } from '../store/db.js';
import { fileContent, keepFile, PIECE_BYTES } from '../store/files.js';
import { migrate } from '../store/migrate.js';

const [file, turns = '3'] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node --import tsx bench/archive.ts FILE [TURNS]');
  process.exit(2);
}
const source = () => createReadStream(file, { highWaterMark: PIECE_BYTES });

async function identityOf(): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  for await (const block of source()) hash.update(block as Buffer);
  return { sha256: hash.digest('hex'), bytes: (await stat(file!)).size };
}

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; cpu: number }> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  const round = (value: number): number => Number(value.toFixed(3));
  return { seconds: round((performance.now() - began) / 1000), cpu: round((user + system) / 1e6) };
}

const lsn = async (db: Db): Promise<string> =>
  (await db.raw<{ rows: { lsn: string }[] }>('select pg_current_wal_insert_lsn() as lsn')).rows[0]!
    .lsn;

const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-bench-pg-'));
const postgres = await startPostgres({ dataDir: path.join(folder, 'postgres') });
const db = connect(postgres.url);
try {
  await migrate(db);
  const identity = await identityOf();
  for (let turn = 1; turn <= Number(turns); turn++) {
    const id = `turn-${turn}`;
    await addDistrict(db, {
      ...{ id, name: 'Bench', contact: 'it@bench.example', seats: 1 },
      ...{ timeZone: 'UTC', nightlyAt: '04:00' },
    });
    await db.raw('checkpoint');
    const ref = { district: id, run: 1 };
    const before = await lsn(db);
    const keep = await timed(() => keepFile(db, ref, 'roster', identity, source));
    const after = await lsn(db);
    const again = await timed(() => keepFile(db, ref, 'roster', identity, source));
    const restore = await timed(async () => {
      for await (const piece of (await fileContent(db, id, 'roster', identity.sha256))!) void piece;
    });
    const sizes = await db.raw<{ rows: { packed: string; wal: string; pieces: string }[] }>(
      `select sum(octet_length(packed)) as packed, count(*) as pieces,
              pg_wal_lsn_diff(?, ?) as wal
       from rollcall.file_pieces join rollcall.files f on f.key = file_key
       join rollcall.districts d on d.key = f.district_key where d.id = ?`,
      [after, before, id],
    );
    const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      JSON.stringify({ bytes: identity.bytes, keep, again, restore, ...sizes.rows[0], maxRssMb }),
    );
  }
} finally {
  await db.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
