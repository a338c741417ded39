import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { placeOf } from '../../dev/postgres-cluster.js';
import { hydrate } from '../../dev/postgres-binaries.js';
import { freePort } from '../../dev/ports.js';
import { type RunningPostgres, startPostgres } from '../../dev/postgres.js';
import { isAlive } from '../../dev/processes.js';
import { until, within } from '../support/wait.js';
import { guardsOf, hold, makeScratch, scratch } from './processes.js';

const isRoot = process.getuid?.() === 0;

/** Making a cluster takes longer than all the rest: the tests share one, each with its own server. */
let cluster: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  const made = await makeScratch();
  cluster = path.join(made.folder, 'pg');
  remove = made.remove;
  await (await startPostgres({ dataDir: cluster, durable: false })).stop();
});
afterAll(() => remove());

async function start(port?: number): Promise<RunningPostgres> {
  const server = await startPostgres({
    dataDir: cluster,
    durable: false,
    ...(port ? { port } : {}),
  });
  onTestFinished(server.stop);
  return server;
}

/** Writes something else into a file of the cluster until the test is over. */
async function spoil(name: string, content: string): Promise<void> {
  const file = path.join(cluster, 'data', name);
  const before = await readFile(file);
  await writeFile(file, content);
  onTestFinished(() => writeFile(file, before));
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded Postgres', () => {
  it('stops without leaving a process, and carries on with its data', async () => {
    const first = await start();
    await query(first.url, 'drop table if exists kept; create table kept as select 7 as n');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await until('the watcher of the server to end', () => guardsOf(first.pid).length === 0);

    const second = await start(first.port);
    expect(second.port).toBe(first.port);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('wants its password, listens on this machine only, and is a current UTF-8 Postgres', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect((await stat(path.join(cluster, 'password'))).mode & 0o777).toBe(0o600);
    const [shown] = await query(
      url,
      `select current_setting('listen_addresses') as listens, current_setting('server_encoding') as
       encoding, current_setting('TimeZone') as zone, current_setting('server_version_num')::int / 10000 as version,
       lower('ÉÑ') as folded`,
    );
    expect(shown).toEqual({
      listens: '127.0.0.1',
      encoding: 'UTF8',
      zone: 'UTC',
      version: 18,
      folded: 'éñ',
    });
  });

  it('writes no cell of a failed statement to its log', async () => {
    const { url } = await start();
    await query(url, 'create table people (email text primary key, n int)');
    const insert = `insert into people values ('ann@maple.example', 1)`;
    await query(url, insert);
    await expect(query(url, insert)).rejects.toThrow(/duplicate key/);
    await expect(query(url, `select 'ann@maple.example'::int`)).rejects.toThrow(/invalid input/);
    expect(await readFile(path.join(cluster, 'log'), 'utf8')).not.toContain('ann@');
  });

  it('takes a free port where the wanted one is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const taken = (other.address() as { port: number }).port;
    expect(await freePort(taken)).not.toBe(taken);
    const server = await start(taken);
    expect(server.port).not.toBe(taken);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('recovers with everything committed after a kill -9 of the server', async () => {
    const first = await start();
    await query(first.url, 'drop table if exists kept; create table kept as select 7 as n');
    process.kill(first.pid, 'SIGKILL');
    await within('the starter to notice', first.gone, 10_000);
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('ends when the process that started it is killed', async () => {
    const { child, pid } = await hold('postgres', cluster);
    child.kill('SIGKILL');
    await until('the server to follow its starter', () => !isAlive(pid));
  });

  it('is stopped by the next start when its starter and its watcher were killed', async () => {
    const { child, pid } = await hold('postgres', cluster);
    for (const watcher of guardsOf(pid)) process.kill(watcher, 'SIGKILL');
    child.kill('SIGKILL');
    await until('the starter to be gone', () => !isAlive(child.pid ?? 0));
    expect(isAlive(pid)).toBe(true);
    const next = await start();
    expect(isAlive(pid)).toBe(false);
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('never touches another program that has the number of a dead server', async () => {
    await (await start()).stop();
    const pidFile = path.join(cluster, 'data/postmaster.pid');
    await writeFile(pidFile, `${process.pid}\n${cluster}/data\n`);
    const server = await start();
    expect(isAlive(server.pid)).toBe(true);
    expect(readFileSync(pidFile, 'utf8').split('\n')[0]).toBe(String(server.pid));
  });

  it('takes the number of a dead process that nobody has fetched for no living server', async () => {
    await (await start()).stop();
    const data = path.join(cluster, 'data');
    // As Postgres's own user, or its number would tell it nothing.
    const { uid, gid } = await stat(data);
    const parent = spawn('/bin/sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], { uid, gid });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(chunk.toString());
    process.kill(zombie, 'SIGKILL');
    await until('the child to be dead', () => !isAlive(zombie));
    expect(() => process.kill(zombie, 0)).not.toThrow(); // its parent sleeps on

    await writeFile(path.join(data, 'postmaster.pid'), `${zombie}\n${data}\n`);
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('waits for the last process of a dead server to leave the folder', async () => {
    await (await start()).stop();
    const data = path.join(cluster, 'data');
    const postgres = path.join(await scratch(), 'postgres');
    await copyFile('/bin/sleep', postgres);
    const last = spawn(postgres, ['2'], { cwd: data });
    onTestFinished(() => void last.kill('SIGKILL'));
    await once(last, 'spawn');
    await writeFile(path.join(data, 'postmaster.pid'), `4194999\n${data}\n`);
    await start();
    expect(isAlive(last.pid ?? 0)).toBe(false);
  });

  it('says in one line that the data is of another version', async () => {
    await spoil('PG_VERSION', '15\n');
    await expect(start()).rejects.toThrow(/^.*Postgres 15.*Postgres 18.*$/);
  });

  it('says why it does not come up', async () => {
    await spoil('postgresql.conf', 'no_such_setting = on\n');
    await expect(start()).rejects.toThrow(/^Postgres did not start: .*no_such_setting.*$/);
  });

  it('starts although the note of where its data is was cut off', async () => {
    const folder = await scratch();
    await writeFile(path.join(folder, 'place'), '');
    expect(await placeOf(folder, null, () => {})).toBe(path.join(folder, 'data'));
  });

  it('runs from a folder that only its owner may enter, as root too', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rollcall private '));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    expect((await stat(folder)).mode & 0o077).toBe(0);
    const home = path.join(folder, 'pg');
    const startThere = () => startPostgres({ dataDir: home, durable: false });
    await (await startThere()).stop();
    const again = await startThere();
    onTestFinished(again.stop);
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await again.stop();
    if (!isRoot) return;
    const place = (await readFile(path.join(home, 'place'), 'utf8')).trim();
    expect(place).toMatch(/^\/var\/lib\/rollcall\//);
    await rm(path.dirname(place), { recursive: true });
  });
});

describe('the programs of Postgres', () => {
  it('get the links that a blocked install script did not make', async () => {
    const folder = await scratch();
    await mkdir(path.join(folder, 'native/lib'), { recursive: true });
    await mkdir(path.join(folder, 'native/bin'));
    for (const name of ['lib/libpq.so.5.18', 'bin/postgres', 'bin/initdb'])
      await writeFile(path.join(folder, 'native', name), name);
    const links = ['native/lib/libpq.so.5', 'native/lib/libpq.so'];
    await symlink('libpq.so.5.18', path.join(folder, links[1]!));
    await writeFile(
      path.join(folder, 'native/pg-symlinks.json'),
      JSON.stringify(links.map((target) => ({ source: 'native/lib/libpq.so.5.18', target }))),
    );
    await hydrate(folder);
    await hydrate(folder);
    for (const link of links)
      expect(await readFile(path.join(folder, link), 'utf8')).toBe('lib/libpq.so.5.18');
    expect((await stat(path.join(folder, 'native/bin/postgres'))).mode & 0o111).toBe(0o111);
  });
});
