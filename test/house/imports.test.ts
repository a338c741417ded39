import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Import {
  readonly file: string;
  /** A package name, `node:…`, or a path below the root such as `store/read/runs`. */
  readonly target: string;
  readonly typeOnly: boolean;
  readonly lazy: boolean;
}

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import of every TypeScript file below `folder`. */
function importsBelow(folder: string): Import[] {
  const found: Import[] = [];
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  for (const name of files.filter((file) => file.endsWith('.ts'))) {
    const file = path.join(folder, name);
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    for (const match of text.matchAll(STATEMENT)) {
      const specifier = match[2] ?? match[3] ?? '';
      const target = specifier.startsWith('.')
        ? path.join(path.dirname(file), specifier).replace(/\.js$/, '')
        : specifier;
      found.push({ file, target, typeOnly: Boolean(match[1]), lazy: match[3] !== undefined });
    }
  }
  return found;
}

const isOurs = (target: string): boolean =>
  /^(workflows|activities|roster|store|worker|client|dev|config|test|bench)\//.test(target);

/** The imports below `folder` that `allowed` does not let through, one readable line each. */
function offences(folder: string, allowed: (one: Import) => boolean): string[] {
  return importsBelow(folder)
    .filter((one) => !allowed(one))
    .map((one) => `${one.file} imports ${one.target}`);
}

const BELOW_THE_CLIENT = ['roster', 'store', 'workflows', 'activities', 'worker', 'config', 'dev'];

const below =
  (...folders: string[]) =>
  ({ target }: Import): boolean =>
    folders.some((folder) => target === folder || target.startsWith(`${folder}/`));

describe('imports point one way', () => {
  it('reads imports at all', () => {
    const seen = importsBelow('workflows').map((one) => one.target);
    expect(seen).toContain('@temporalio/workflow');
    expect(seen).toContain('workflows/contract');
  });

  it('workflows know only the workflow package and themselves', () => {
    expect(offences('workflows', below('@temporalio/workflow', 'workflows'))).toEqual([]);
  });

  it('roster is pure and runs in a browser', () => {
    expect(offences('roster', below('roster', 'csv-parse', 'zod', '@zip.js/zip.js'))).toEqual([]);
  });

  it('store knows the roster, and of the process only its types', () => {
    expect(
      offences(
        'store',
        (one) =>
          !isOurs(one.target) ||
          below('store', 'roster')(one) ||
          (one.typeOnly && below('workflows/contract')(one)),
      ),
    ).toEqual([]);
  });

  it('activities know the process, the roster, the store and their ports', () => {
    expect(
      offences(
        'activities',
        (one) =>
          !isOurs(one.target) ||
          below('activities', 'workflows', 'roster', 'store')(one) ||
          (one.typeOnly && below('config')(one)),
      ),
    ).toEqual([]);
  });

  it('activities open no connection themselves', () => {
    const outside = ['ssh2', 'ssh2-sftp-client', 'nodemailer', 'pg', '@temporalio/client'];
    expect(
      importsBelow('activities')
        .filter((one) => !one.typeOnly && outside.includes(one.target))
        .map((one) => `${one.file} imports ${one.target}`),
    ).toEqual([]);
  });

  it('worker composes, and knows nothing of the clients and the embedded parts', () => {
    expect(
      offences(
        'worker',
        (one) =>
          !isOurs(one.target) ||
          below('worker', 'activities', 'workflows', 'roster', 'store', 'config')(one),
      ),
    ).toEqual([]);
  });

  it('client reaches the roster only through Temporal and the read side of the store', () => {
    const readSide = below('store/db', 'store/types', 'store/errors', 'store/config', 'store/read');
    expect(
      offences(
        'client',
        (one) =>
          !isOurs(one.target) ||
          below('client', 'workflows', 'roster', 'config')(one) ||
          readSide(one) ||
          // The commands that start parts load them when they are called for.
          (one.file.startsWith('client/cli/parts/') && (one.lazy || one.typeOnly)),
      ),
    ).toEqual([]);
  });

  it('bench measures what is below the client, and nothing knows it', () => {
    expect(
      offences('bench', (one) => !isOurs(one.target) || below('bench', ...BELOW_THE_CLIENT)(one)),
    ).toEqual([]);
    const others = ['workflows', 'activities', 'roster', 'store', 'worker', 'client', 'dev'];
    expect(others.flatMap((folder) => importsBelow(folder)).filter(below('bench'))).toEqual([]);
  });

  it('settings are read in one place', () => {
    const readers = [
      'workflows',
      'activities',
      'roster',
      'store',
      'worker',
      'client/portal',
    ].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => path.join(folder, name))
        .filter((file) => readFileSync(path.join(ROOT, file), 'utf8').includes('process.env')),
    );
    expect(readers).toEqual([]);
  });
});
