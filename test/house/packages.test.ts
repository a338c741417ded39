import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8')) as T;

interface Manifest {
  readonly engines: { readonly node: string };
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const manifest = read<Manifest>('package.json');
const { packages } = read<{ packages: Record<string, Locked> }>('package-lock.json');
const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 13);

describe('package.json and its lock file', () => {
  it('hold every package of Temporal at one exact version', () => {
    const named = Object.entries(manifest.dependencies).filter(([name]) =>
      name.startsWith('@temporalio/'),
    );
    const versions = new Set(named.map(([, version]) => version));
    expect([...versions]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    const locked = Object.entries(packages)
      .filter(([place]) => /node_modules\/@temporalio\/(?!core-bridge-)[^/]+$/.test(place))
      .map(([, { version }]) => version);
    expect(new Set(locked)).toEqual(versions);
  });

  it('say of each package with an install script whether it may run it', () => {
    // npm 12 blocks what is not named, npm 11 prints a notice for it.
    const scripted = Object.entries(packages).filter(([, one]) => one.hasInstallScript);
    expect(scripted.length).toBeGreaterThan(0);
    const unnamed = scripted
      .map(([place]) => nameOf(place))
      .filter((name) => !(name in manifest.allowScripts));
    expect(unnamed).toEqual([]);
  });

  it('name no registry, so that each machine uses its own', () => {
    const named = Object.entries(packages).filter(([, one]) => one.resolved !== undefined);
    expect(named.map(([place]) => place)).toEqual([]);
  });

  it('ask for the Node that the scripts check for', () => {
    expect(manifest.private).toBe(true);
    expect(manifest.engines.node).toBe('>=20.19');
    expect(readFileSync(path.join(ROOT, 'bin/ensure.mjs'), 'utf8')).toContain('[20, 19]');
  });
});
