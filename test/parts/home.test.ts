import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HomeInUse, keptSecret, openHome } from '../../dev/home.js';
import { choosePorts, keepPorts } from '../../dev/stack-ports.js';
import { startOf } from '../../dev/processes.js';
import { freePort } from '../../dev/ports.js';
import { scratch } from './processes.js';

describe('a home', () => {
  it('is for one process at a time, which the refusal names', async () => {
    const folder = path.join(await scratch(), 'home');
    const home = await openHome(folder);
    const refused = await openHome(folder).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(HomeInUse);
    expect((refused as Error).message).toMatch(
      new RegExp(`^Rollcall already runs on .* \\(process ${process.pid}\\): .*$`),
    );
    await home.release();
    await (await openHome(folder)).release();
  });

  it('is taken over from a process that is gone, and from one whose number is in use again', async () => {
    const folder = path.join(await scratch(), 'home');
    await (await openHome(folder)).release();
    const lock = path.join(folder, 'lock');
    const left = [
      '{"pid":4194999,"started":"1"}', // beyond the largest number of a process
      `{"pid":${process.pid},"started":"not ${startOf(process.pid)}"}`,
      '', // cut off
    ];
    for (const content of left) {
      await writeFile(lock, content);
      const home = await openHome(folder);
      expect(await readFile(lock, 'utf8')).toContain(`"pid":${process.pid}`);
      await home.release();
    }
  });

  it('goes to exactly one of many that want it at once', async () => {
    const folder = path.join(await scratch(), 'home');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openHome(folder)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lets nobody but its owner look at files, mails and archives', async () => {
    const folder = path.join(await scratch(), 'home');
    const home = await openHome(folder);
    for (const name of ['sftp', 'mails', 'archive'])
      expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o700);
    const secret = await keptSecret(home.sftpPassword);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect((await stat(home.sftpPassword)).mode & 0o777).toBe(0o600);
    expect(await keptSecret(home.sftpPassword)).toBe(secret);
    await home.release();
  });

  it('says which folder cannot be used', async () => {
    const file = path.join(await scratch(), 'a file');
    await writeFile(file, '');
    await expect(openHome(path.join(file, 'home'))).rejects.toThrow(/^the folder .*ROLLCALL_HOME/);
  });

  it('keeps its ports from one start to the next', async () => {
    const file = path.join(await scratch(), 'ports.json');
    const mine = { postgres: await freePort(), portal: await freePort() };
    await writeFile(file, JSON.stringify(mine));
    const chosen = await choosePorts(file);
    expect(chosen).toMatchObject(mine);
    expect(new Set(Object.values(chosen)).size).toBe(6);
    await keepPorts(file, chosen);
    expect(await choosePorts(file)).toEqual(chosen);
    expect(await readdir(path.dirname(file))).toEqual(['ports.json']);
  });

  it('starts although the file of its ports was cut off, or is no list of ports', async () => {
    const file = path.join(await scratch(), 'ports.json');
    for (const torn of ['', '{"postgres":54', 'null', '{"portal":"x","smtp":-1,"sftp":1e9}']) {
      await writeFile(file, torn);
      const chosen = await choosePorts(file);
      expect(Object.values(chosen).every((port) => port > 0 && port < 65_536)).toBe(true);
    }
  });
});
