import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTemporal } from '../../dev/temporal-binary.js';
import { scratch } from './processes.js';

const NEW = 'echo "temporal version 1.9.9 (Server 1.31.0, UI 2.50.0)"';
const OLD = 'echo "temporal version 1.0.0 (Server 1.24.2, UI 2.30.0)"';

async function program(file: string, script: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** A machine of its own: what is on its PATH and in its cache, and what the download does there. */
async function machine() {
  const folder = await scratch();
  const bin = path.join(folder, 'on path');
  const cacheDir = path.join(folder, 'cache');
  const said: string[] = [];
  const downloads: string[] = [];
  const find = (download: (folder: string) => Promise<string | null> = async () => 'no network') =>
    findTemporal({
      cacheDir,
      env: { PATH: `${bin}:/usr/bin:/bin` },
      say: (line) => said.push(line),
      download: (where) => {
        downloads.push(where);
        return download(where);
      },
    });
  return { bin, cacheDir, said, downloads, find };
}

describe('finding Temporal', () => {
  it('takes the one on the PATH before the one in the cache', async () => {
    const { bin, cacheDir, find, downloads } = await machine();
    await program(path.join(cacheDir, 'bin/temporal'), NEW);
    const mine = await program(path.join(bin, 'temporal'), NEW);
    expect(await find()).toBe(mine);
    expect(downloads).toEqual([]);
  });

  it('passes over one that is too old, and says so', async () => {
    const { bin, cacheDir, find, said } = await machine();
    const old = await program(path.join(bin, 'temporal'), OLD);
    const cached = await program(path.join(cacheDir, 'bin/temporal'), NEW);
    expect(await find()).toBe(cached);
    expect(said.join()).toContain(`${old} is passed over`);
  });

  it('downloads once, and finds the download the next time', async () => {
    const { find, downloads } = await machine();
    const download = async (folder: string) => {
      await program(path.join(folder, 'temporal-sdk-typescript-1.24.0'), NEW);
      return null;
    };
    const first = await find(download);
    expect(await find(download)).toBe(first);
    expect(downloads).toHaveLength(1);
  });

  it('builds with Go where the download fails, and leaves nothing else in the cache', async () => {
    const { bin, cacheDir, find, said } = await machine();
    await program(
      path.join(bin, 'go'),
      // An older Go may take a newer one for this.
      `[ "$GOTOOLCHAIN" = auto ] || exit 3; printf '#!/bin/sh\\n%s\\n' '${NEW}' > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"`,
    );
    expect(await find()).toBe(path.join(cacheDir, 'bin/temporal'));
    expect(await readdir(path.join(cacheDir, 'bin'))).toEqual(['temporal']);
    expect(said.join()).toContain('building it with Go');
    expect(await find()).toBe(path.join(cacheDir, 'bin/temporal'));
  });

  it('names every way when none works, and leaves no half-built program', async () => {
    const { bin, cacheDir, find } = await machine();
    await program(
      path.join(bin, 'go'),
      'echo half > "$GOBIN/temporal"; echo "proxy is closed" >&2; exit 1',
    );
    const failure = await find().catch((error: Error) => error.message);
    for (const way of [
      'TEMPORAL_ADDRESS',
      'on the PATH',
      path.join(cacheDir, 'bin/temporal'),
      'no network',
      'proxy is closed',
      'go install github.com/temporalio/cli/cmd/temporal@v1.5.1',
    ])
      expect(failure).toContain(way);
    expect(await readdir(path.join(cacheDir, 'bin'))).toEqual([]);
  });
});
