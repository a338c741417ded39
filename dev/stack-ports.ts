import { readFile, rename, writeFile } from 'node:fs/promises';
import { freePort } from './ports.js';

/** The ports that people know these parts by. */
const USUAL = {
  postgres: 5432,
  temporal: 7233,
  temporalUi: 8233,
  sftp: 2222,
  smtp: 1025,
  portal: 8080,
} as const;
export type Ports = Record<keyof typeof USUAL, number>;

/** For each part the port of the last start, else the usual one, else a free one. */
export async function choosePorts(file: string): Promise<Ports> {
  const before = await lastPorts(file);
  const chosen: Ports = { ...USUAL };
  const taken = new Set<number>();
  for (const part of Object.keys(USUAL) as (keyof Ports)[]) {
    let port = await freePort(before[part] ?? USUAL[part]);
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    chosen[part] = port;
  }
  return chosen;
}

/** Written whole or not at all. */
export async function keepPorts(file: string, ports: Ports): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(ports)}\n`);
  await rename(`${file}.new`, file);
}

/** What cannot be read is as good as never kept: ports are a convenience. */
async function lastPorts(file: string): Promise<Partial<Ports>> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as unknown;
    const entries = Object.entries(kept as object).filter(([, port]) => isPort(port));
    return Object.fromEntries(entries) as Partial<Ports>;
  } catch {
    return {};
  }
}

const isPort = (port: unknown): boolean =>
  Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535;
