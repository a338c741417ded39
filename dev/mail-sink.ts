/** A mail server that delivers nothing: every message becomes a file, for a page and for tests. */
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { Mailbox } from './mailbox.js';

export { readMailbox } from './mailbox.js';
export type { SunkMail } from './mailbox.js';

export interface RunningMailSink {
  /** `smtp://127.0.0.1:port`. */
  readonly url: string;
  /** Absolute. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Bytes of one message. */
const LARGEST = 10 * 1024 * 1024;
/** How long clients have to take their leave when the sink stops, milliseconds. */
const PATIENCE = 500;

/**
 * Keeps every message as `<folder>/<time>-<n>.eml`; one whose Message-ID is already there is
 * accepted and dropped, as mail servers do. Carries on with the folder of an earlier run.
 * Throws the system's error if the port is taken.
 */
export async function startMailSink(options: {
  readonly folder: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
}): Promise<RunningMailSink> {
  const host = options.host ?? '127.0.0.1';
  const folder = path.resolve(options.folder);
  const box = await Mailbox.open(folder);
  const take = callbackify((stream: SMTPServerDataStream, session: SMTPServerSession) =>
    keep(stream, session, box),
  );
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST,
    closeTimeout: PATIENCE,
    onData: (stream, session, done) => take(stream, session, done),
  });
  // Clients' broken lines; without a listener they would end the process.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${host}:${port}`,
    folder,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function keep(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
  box: Mailbox,
): Promise<void> {
  const bytes = await receive(stream);
  if (bytes === null) throw reply(552, 'the message is too large');
  const recipients = envelope.rcptTo.map(({ address }) => address);
  await box.keep(bytes, recipients).catch(() => {
    // The disk's fault, which may pass.
    throw reply(451, 'the message could not be kept');
  });
}

/** Null if it is too large. */
async function receive(stream: SMTPServerDataStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    // An oversized message is read to its end, as the client sends it anyway, but not kept.
    if (stream.byteLength <= LARGEST) chunks.push(chunk as Buffer);
  }
  return stream.sizeExceeded ? null : Buffer.concat(chunks);
}

const reply = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });
