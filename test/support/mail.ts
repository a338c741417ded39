/** Mail servers to send to: the sink, and one that answers as it is told. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { readMailbox, startMailSink } from '../../dev/mail-sink.js';
import type { SunkMail } from '../../dev/mail-sink.js';

export interface TestMail {
  readonly url: string;
  readonly folder: string;
  mails(): Promise<SunkMail[]>;
  /** Stops the sink and starts one on the same folder, at another port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestMail(): Promise<TestMail> {
  const base = await mkdtemp(path.join(tmpdir(), 'rollcall-mail-'));
  const folder = path.join(base, 'mails');
  let sink = await startMailSink({ folder });
  return {
    get url() {
      return sink.url;
    },
    folder,
    mails: () => readMailbox(folder),
    async restart() {
      await sink.stop();
      sink = await startMailSink({ folder });
    },
    async stop() {
      await sink.stop();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** Where a server says no. */
export type Step = 'connect' | 'auth' | 'from' | 'to' | 'data';

/** A server that answers `status` at one step, with words that name the recipient. */
export async function startRefusingMail(
  step: Step,
  status: number,
): Promise<{ url: string; stop(): Promise<void> }> {
  const no = Object.assign(new Error('<it@district.example> is not welcome'), {
    responseCode: status,
  });
  const answer = (at: Step, done: (error?: Error | null) => void): void =>
    done(at === step ? no : null);
  const server = new SMTPServer({
    authOptional: step !== 'auth',
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onConnect: (_session, done) => answer('connect', done),
    onAuth: (_auth, _session, done) => done(no),
    onMailFrom: (_address, _session, done) => answer('from', done),
    onRcptTo: (_address, _session, done) => answer('to', done),
    onData(stream, _session, done) {
      stream.on('end', () => answer('data', done)).resume();
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const who = step === 'auth' ? 'someone:a-password@' : '';
  return {
    url: `smtp://${who}127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
