/**
 * Whom Postgres runs as. It refuses root, so root runs it as an unprivileged user, who then
 * must be able to reach its programs and its data.
 */
import { spawnSync } from 'node:child_process';

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Null: as ourselves. As root: the owner of an existing data folder, else the system's user
 * `postgres`, who is made if missing. Throws if that cannot be done.
 */
export function postgresUser(dataOwner: RunAs | null): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  if (dataOwner !== null && dataOwner.uid !== 0) return dataOwner;
  return lookUp() ?? create();
}

/** True if that user may search the folder, or run the program. */
export function canReach(user: RunAs | null, path: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], {
    ...user,
    cwd: '/',
    stdio: 'ignore',
  });
  return test.status === 0;
}

function lookUp(): RunAs | null {
  const uid = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' });
  if (uid.status !== 0 || gid.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function create(): RunAs {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    [
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'],
    ],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', 'postgres']], // Alpine and other busyboxes
  ];
  for (const [command, args] of ways) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) continue;
    const made = lookUp();
    if (made !== null) return made;
  }
  throw new Error(
    'Postgres does not run as root, and a system user `postgres` could not be made: ' +
      'make one (useradd --system postgres), run this as an ordinary user, or set DATABASE_URL.',
  );
}
