import { readFile, writeFile } from 'node:fs/promises';
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
  const before = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Ports>;
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

export async function keepPorts(file: string, ports: Ports): Promise<void> {
  await writeFile(file, `${JSON.stringify(ports)}\n`);
}
