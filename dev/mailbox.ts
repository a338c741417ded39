/** The folder behind the mail sink: one file per message, in the order of arrival. */
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { simpleParser } from 'mailparser';

export interface SunkMail {
  /** Name of the file in the folder. */
  readonly file: string;
  /** Who was to get it, by the envelope: so blind copies show too. */
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly messageId: string | null;
  /** When it arrived, ISO 8601 in UTC. */
  readonly at: string;
}

const ENDING = '.eml';
const ENVELOPE_HEADER = 'Delivered-To';

/** Oldest first. A folder that is not there is an empty one. */
export async function readMailbox(folder: string): Promise<SunkMail[]> {
  const mails: SunkMail[] = [];
  for (const file of await filesIn(folder)) {
    const bytes = await readIfThere(path.join(folder, file));
    if (bytes !== null) mails.push(await toMail(file, bytes));
  }
  return mails;
}

async function toMail(file: string, bytes: Buffer): Promise<SunkMail> {
  const mail = await simpleParser(bytes);
  const to = mail.headerLines
    .filter(({ key }) => key === ENVELOPE_HEADER.toLowerCase())
    .map(({ line }) => line.slice(ENVELOPE_HEADER.length + 1).trim());
  return {
    file,
    to,
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || null,
    messageId: mail.messageId ?? null,
    at: timeIn(file),
  };
}

/** Where messages are put; one at a time, so that a copy never slips past its original. */
export class Mailbox {
  private readonly folder: string;
  private readonly known: Set<string>;
  private last: Promise<void> = Promise.resolve();
  private count = 0;

  private constructor(folder: string, known: Set<string>) {
    this.folder = folder;
    this.known = known;
  }

  /** Makes the folder if it is missing, and remembers what is in it. */
  static async open(folder: string): Promise<Mailbox> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const known = new Set<string>();
    for (const file of await filesIn(folder)) {
      const bytes = await readIfThere(path.join(folder, file));
      const id = bytes && messageIdOf(bytes);
      if (id) known.add(id);
    }
    return new Mailbox(folder, known);
  }

  /** Settles when the message is on the disk, or was found to be there. */
  keep(bytes: Buffer, recipients: readonly string[]): Promise<void> {
    const kept = this.last.then(() => this.write(bytes, recipients));
    this.last = kept.catch(() => undefined);
    return kept;
  }

  private async write(bytes: Buffer, recipients: readonly string[]): Promise<void> {
    const id = messageIdOf(bytes);
    if (id !== null && this.known.has(id)) return;
    this.count += 1;
    const name = `${fileTime(new Date())}-${this.count}${ENDING}`;
    const envelope = recipients.map((to) => `${ENVELOPE_HEADER}: ${to}\r\n`).join('');
    await writeWhole(this.folder, name, [Buffer.from(envelope), bytes]);
    if (id !== null) this.known.add(id);
  }
}

/** Under its name only when it is whole. */
async function writeWhole(folder: string, name: string, pieces: Buffer[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = path.join(folder, `.${name}.tmp`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writev(pieces);
    await handle.sync();
    await rename(draft, path.join(folder, name));
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

/** In the order of their names: time, then number. */
async function filesIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(ENDING) && !name.startsWith('.'))
      .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function messageIdOf(bytes: Buffer): string | null {
  const headers = bytes.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
  return /^message-id:\s*(<[^<>\s]+>)/im.exec(headers)?.[1] ?? null;
}

/** `2026-11-23T23-59-59.123Z`: ISO 8601 as a file may be called anywhere. */
const fileTime = (time: Date): string => time.toISOString().replaceAll(':', '-');
const timeIn = (file: string): string =>
  file.slice(0, 24).replace(/T(\d\d)-(\d\d)-(\d\d)/, 'T$1:$2:$3');
