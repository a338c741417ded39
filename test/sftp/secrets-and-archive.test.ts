import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '../../worker/adapters/archive-folder.js';
import { createSecrets } from '../../worker/adapters/secrets.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rollcall-adapters-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = expect.objectContaining({ name: 'SourceProblem', code: 'SFTP_SECRET' });

describe('secrets', () => {
  it('come from a variable or a file, without the line end of editors', async () => {
    const file = path.join(folder, 'a secret');
    await writeFile(file, ' with spaces \n');
    const secrets = createSecrets({ MAPLE_SFTP: 'from-a-variable' });
    expect(await secrets.resolve('env:MAPLE_SFTP')).toBe('from-a-variable');
    expect(await secrets.resolve(`file:${file}`)).toBe(' with spaces ');
  });

  it('keep the lines of a private key', async () => {
    const file = path.join(folder, 'key');
    await writeFile(file, '-----BEGIN X-----\nabc\n-----END X-----\n');
    expect(await createSecrets({}).resolve(`file:${file}`)).toBe(
      '-----BEGIN X-----\nabc\n-----END X-----',
    );
  });

  it('are missing if there is nothing under the name', async () => {
    await writeFile(path.join(folder, 'empty'), '\n');
    await writeFile(path.join(folder, 'huge'), 'x'.repeat(65 * 1024));
    const secrets = createSecrets({ EMPTY: '' });
    for (const reference of ['env:EMPTY', 'env:NOT_SET', `file:${folder}`, 'file:/no/such/file']) {
      await expect(secrets.resolve(reference)).rejects.toEqual(nothing);
    }
    for (const name of ['empty', 'huge']) {
      await expect(secrets.resolve(`file:${folder}/${name}`)).rejects.toEqual(nothing);
    }
  });

  it('are never the reference itself, and an error never repeats it', async () => {
    const secrets = createSecrets({ toString: 'x' });
    for (const reference of ['hunter2', 'pass:hunter2', 'env:', 'env:A B', 'file:relative', '']) {
      const error = await secrets.resolve(reference).catch((thrown: unknown) => thrown);
      expect(error).toEqual(nothing);
      expect((error as Error).message).toBe('SFTP_SECRET');
    }
  });
});

describe('the archive’s folder', () => {
  it('has a place for each run, in a folder for its owner alone', async () => {
    const base = path.join(folder, 'archive');
    const file = await placeOf(base, { district: 'maple-valley', run: 12 });
    expect(file).toBe(path.join(base, 'maple-valley', '12'));
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect((await stat(base)).mode & 0o777).toBe(0o700);
  });

  it('closes a folder that was open to others', async () => {
    await mkdir(path.join(folder, 'maple-valley'));
    await chmod(path.join(folder, 'maple-valley'), 0o755);
    await placeOf(folder, { district: 'maple-valley', run: 1 });
    expect((await stat(path.join(folder, 'maple-valley'))).mode & 0o777).toBe(0o700);
  });

  it.each(['..', '.', '', '../x', 'a/b', '/etc', '.hidden', 'a\0b', 'a\nb'])(
    'has no place for a district called %j',
    async (district) => {
      await expect(placeOf(folder, { district, run: 1 })).rejects.toThrow(
        'this is not the id of a district',
      );
    },
  );

  it.each([0, -1, 1.5, Number.NaN, 1e300])('has no place for run %d', async (run) => {
    await expect(placeOf(folder, { district: 'maple', run })).rejects.toThrow(
      'this is not a run number',
    );
  });
});
