/**
 * A sync of ours beside what an expert would write by hand in psql, on the same files and the same
 * Postgres (fsync on), in turns within one run. Prints a table and one line of JSON.
 *
 *     npm run bench:sync -- [STUDENTS …] [--runs 3]
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../dev/postgres.js';
import { addDistrict } from '../store/config/districts.js';
import { connect } from '../store/db.js';
import { migrate } from '../store/migrate.js';
import { writeRoster } from './generate.js';
import type { Shape } from './generate.js';
import { loadByRival, prepareRival } from './rival.js';
import { runChild } from './run-child.js';

const FILES = path.join(tmpdir(), 'rollcall-bench-files');
const CLASSES_A_STUDENT = 6;
const CASES = ['first load', '1% changed', 'same bytes'] as const;
type Case = (typeof CASES)[number];

interface Ours {
  readonly total: number;
  readonly seconds: Readonly<Record<string, number>>;
  readonly maxRssMb: number;
}
interface Line {
  readonly students: number;
  readonly rows: number;
  readonly case: Case;
  readonly rival: number;
  readonly ours: number;
  readonly ratio: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly maxRssMb: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' } },
});
const runs = Number(values.runs);
const sizes = positionals.length > 0 ? positionals.map(Number) : [100_000];
if (!(runs >= 1) || sizes.some((size) => !(size >= 1))) {
  console.error('usage: npm run bench:sync -- [STUDENTS …] [--runs 3]');
  process.exit(2);
}

async function fileOf(rows: number, shape: Shape): Promise<string> {
  await mkdir(FILES, { recursive: true });
  const file = path.join(FILES, `${rows}-${shape}.csv`);
  if ((await stat(file).catch(() => null)) === null) await writeRoster(file, rows, shape);
  return file;
}

/** Rows of the small district whose syncs come before what is measured. */
const WARMING_ROWS = 3_000;

async function ours(url: string, file: string, archive: string): Promise<Ours> {
  const child = path.join(import.meta.dirname, 'sync-child.ts');
  const env = { ...process.env, DATABASE_URL: url };
  const shapes = ['plain', 'night'] as const;
  const warming = await Promise.all(shapes.map((shape) => fileOf(WARMING_ROWS, shape)));
  const args = [child, archive, file, ...warming];
  const { stdout } = await runChild(['--import', 'tsx', ...args], env);
  return JSON.parse(stdout) as Ours;
}

/** The three cases in the order in which they follow each other, on a database of their own. */
async function turn(admin: pg.Client, base: string, rows: number, seats: number) {
  const name = `bench_${Date.now()}`;
  const archive = path.join(folder, name);
  await admin.query(`create database ${name}`);
  const url = base.replace(/\/[^/]*$/, `/${name}`);
  const db = connect(url);
  try {
    await migrate(db);
    for (const id of ['bench', 'warm']) {
      await addDistrict(db, {
        id,
        name: id,
        contact: `it@${id}.example`,
        seats: seats + WARMING_ROWS,
        timeZone: 'UTC',
        nightlyAt: '04:00',
      });
    }
    await prepareRival(url);
    const [first, night] = [await fileOf(rows, 'plain'), await fileOf(rows, 'night')];
    const measure = async (file: string, merge: 'first' | 'merge') => {
      // What one side left to be written must not be the other's burden.
      await admin.query('checkpoint');
      const rival = await loadByRival(url, file, merge);
      await admin.query('checkpoint');
      return { rival, ours: await ours(url, file, archive) };
    };
    return [
      await measure(first, 'first'),
      await measure(night, 'merge'),
      await measure(night, 'merge'),
    ];
  } finally {
    await db.destroy();
    await admin.query(`drop database ${name} with (force)`);
  }
}

const round = (value: number): number => Number(value.toFixed(3));
const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-bench-pg-'));
const postgres = await startPostgres({ dataDir: path.join(folder, 'postgres') });
const admin = new pg.Client({ connectionString: postgres.url });
await admin.connect();
const lines: Line[] = [];
const cells = (...texts: (string | number)[]): string =>
  texts.map((text) => String(text).padStart(12)).join('');
try {
  console.log(cells('students', 'rows', 'case', 'rival s', 'ours s', 'ratio', 'MB', 'parts'));
  for (const students of sizes) {
    const rows = students * CLASSES_A_STUDENT;
    const turns: Awaited<ReturnType<typeof turn>>[] = [];
    for (let n = 0; n < runs; n++) turns.push(await turn(admin, postgres.url, rows, students * 2));
    CASES.forEach((name, n) => {
      const of = turns.map((one) => one[n]!);
      const middle = [...of].sort((a, b) => a.ours.total - b.ours.total)[Math.floor(runs / 2)]!
        .ours;
      const rival = median(of.map((one) => one.rival));
      const line: Line = {
        students,
        rows,
        case: name,
        rival: round(rival),
        ours: middle.total,
        ratio: round(median(of.map((one) => one.ours.total / one.rival))),
        parts: middle.seconds,
        maxRssMb: Math.max(...of.map((one) => one.ours.maxRssMb)),
      };
      lines.push(line);
      const parts = Object.entries(line.parts).map(([part, s]) => `${part} ${s.toFixed(2)}`);
      console.log(
        cells(
          students,
          rows,
          name,
          line.rival.toFixed(2),
          line.ours.toFixed(2),
          line.ratio,
          line.maxRssMb,
        ),
        ' ',
        parts.join(', '),
      );
    });
  }
} finally {
  await admin.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ node: process.version, runs, lines }));
