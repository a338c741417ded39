/**
 * `rollcall check`, rules and all, beside csv-parse alone on the same file, in turns within one
 * run, each in a process of its own. Prints a table and one line of JSON.
 *
 *     npm run bench -- [ROWS …] [--shape SHAPE] [--runs 3] [--dist]
 */
import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SHAPES, writeRoster } from './generate.js';
import type { Shape } from './generate.js';
import { runChild } from './run-child.js';
import type { Measured } from './run-child.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const FILES = path.join(tmpdir(), 'rollcall-bench-files');

interface Line {
  readonly rows: number;
  readonly megabytes: number;
  readonly shape: Shape;
  readonly check: Side;
  readonly csvParse: Side;
  /** check ÷ csv-parse, of the middle times. */
  readonly ratio: number;
}
interface Side {
  readonly seconds: number;
  readonly allSeconds: readonly number[];
  readonly maxRssMb: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shape: { type: 'string', default: 'plain' },
    runs: { type: 'string', default: '3' },
    dist: { type: 'boolean', default: false },
  },
});
const shape = SHAPES.find((one) => one === values.shape);
const runs = Number(values.runs);
const sizes = positionals.length > 0 ? positionals.map(Number) : [600_000];
if (shape === undefined || !(runs >= 1) || sizes.some((rows) => !(rows >= 1))) {
  console.error(
    `usage: npm run bench -- [ROWS …] [--shape ${SHAPES.join('|')}] [--runs 3] [--dist]`,
  );
  process.exit(2);
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
function side(measured: readonly Measured[]): Side {
  const all = measured.map(({ seconds }) => round(seconds));
  const seconds = [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
  return {
    seconds,
    allSeconds: all,
    maxRssMb: Math.round(Math.max(...measured.map((m) => m.maxRssMb))),
  };
}

/** The same file for every run of the bench on this machine. */
async function fileOf(rows: number, shape: Shape): Promise<{ file: string; megabytes: number }> {
  await mkdir(FILES, { recursive: true });
  const file = path.join(FILES, `${rows}-${shape}.csv`);
  if ((await stat(file).catch(() => null)) === null) await writeRoster(file, rows, shape);
  return { file, megabytes: round((await stat(file)).size / 1e6, 1) };
}

function mustRead(rows: number, what: string, { stdout }: Measured): void {
  const read = (JSON.parse(stdout) as { rows: number }).rows;
  if (read !== rows) throw new Error(`${what} read ${read} rows of ${rows}`);
}

async function measure(rows: number, shape: Shape): Promise<Line> {
  const { file, megabytes } = await fileOf(rows, shape);
  const env = values.dist ? { ...process.env, ROLLCALL_DIST: '1' } : process.env;
  const check: Measured[] = [];
  const csvParse: Measured[] = [];
  for (let n = 0; n < runs; n++) {
    csvParse.push(await runChild([path.join(ROOT, 'bench/csv-parse.mjs'), file], process.env));
    check.push(await runChild([path.join(ROOT, 'bin/rollcall.mjs'), 'check', file, '--json'], env));
    mustRead(rows, 'csv-parse', csvParse.at(-1)!);
    mustRead(rows, 'check', check.at(-1)!);
  }
  const [ours, theirs] = [side(check), side(csvParse)];
  return {
    rows,
    megabytes,
    shape,
    check: ours,
    csvParse: theirs,
    ratio: round(ours.seconds / theirs.seconds),
  };
}

const cells = (...texts: (string | number)[]): string =>
  texts.map((text) => String(text).padStart(12)).join('');
console.log(cells('rows', 'MB', 'shape', 'csv-parse s', 'check s', 'ratio', 'check MB'));
const lines: Line[] = [];
for (const rows of sizes) {
  const line = await measure(rows, shape);
  const { megabytes, csvParse, check, ratio } = line;
  console.log(
    cells(rows, megabytes, shape, csvParse.seconds, check.seconds, ratio, check.maxRssMb),
  );
  lines.push(line);
}
console.log(JSON.stringify({ node: process.version, dist: values.dist, lines }));
