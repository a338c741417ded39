/** `<home>/stack.json`: where the running parts of one home are. It exists only while they run. */
import { readFileSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isAlive, startOf } from './alive.js';
import { ConfigError } from './errors.js';

const stackFileSchema = z.object({
  /** The process that runs the parts; when it is gone, the file means nothing. */
  pid: z.int().positive(),
  startedAt: z.string(),
  home: z.string(),
  /** URL of the portal. */
  portal: z.string(),
  /** `host:port` of Temporal's front end, its namespace and, if there is one, the URL of its UI. */
  temporal: z.string(),
  temporalNamespace: z.string(),
  temporalUi: z.string().nullable(),
  /** postgres:// URL with its password, which is why the file is for its owner only. */
  database: z.string(),
  smtp: z.string(),
  /** Folder of the mails that the development mailbox took; null with a real mail server. */
  mailFolder: z.string().nullable(),
  sftp: z.object({
    host: z.string(),
    port: z.number(),
    hostKey: z.string(),
    /** The worker's own account, and where its password is kept (`file:/path` or `env:NAME`). */
    username: z.string(),
    secretRef: z.string(),
    base: z.string(),
    /** True for our own server, whose accounts are in Postgres. */
    managesAccounts: z.boolean(),
  }),
});
export type StackFile = Readonly<z.infer<typeof stackFileSchema>>;

/** With when that process began: its number may be another's by now. */
const keptSchema = stackFileSchema.extend({ pidStarted: z.string().nullable() });

export const stackFilePath = (home: string): string => path.join(home, 'stack.json');

/**
 * The parts that run on this home, or null if none do: no file, or one left behind by a process
 * that is gone. Throws ConfigError if the file is there but cannot be read.
 */
export function readStackFile(home: string): StackFile | null {
  let text: string;
  try {
    text = readFileSync(stackFilePath(home), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new ConfigError('Cannot read where Rollcall runs', [
      `${stackFilePath(home)} cannot be read (${code}); run this as the user who ran \`rollcall up\`.`,
    ]);
  }
  const kept = keptSchema.safeParse(parseJson(text));
  if (!kept.success) return null;
  const { pidStarted, ...stack } = kept.data;
  return isAlive(stack.pid) && startOf(stack.pid) === pidStarted ? stack : null;
}

/** Written whole or not at all, readable by its owner only. */
export async function writeStackFile(home: string, stack: StackFile): Promise<void> {
  const file = stackFilePath(home);
  const kept = { ...stack, pidStarted: startOf(stack.pid) };
  await writeFile(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}

export async function removeStackFile(home: string): Promise<void> {
  await rm(stackFilePath(home), { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
