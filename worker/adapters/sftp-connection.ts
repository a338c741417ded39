/**
 * One connection to an SFTP server whose host key is pinned. ssh2-sftp-client opens and closes it;
 * the calls go to the ssh2 session underneath, because ssh2-sftp-client reports "failure" as "no
 * such file" and drops the status of a failed transfer.
 */
import type {
  Client,
  KeyboardInteractiveCallback,
  Prompt,
  SFTPWrapper,
  ServerHostKeyAlgorithm,
} from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { SourceProblem, SourceUnreachable } from '../../activities/ports.js';
import type { SourceAddress } from '../../activities/ports.js';
import { isPinned } from './host-key.js';
import { connectError, isAnswer, isKeyKindMissing, isLocal, lineError } from './sftp-errors.js';

export interface LineOptions {
  /** From the first packet until signed in, milliseconds. */
  readonly readyTimeout: number;
  /** How often a silent server is asked for a sign of life, milliseconds; without it a dead line hangs for ever. */
  readonly keepaliveInterval: number;
  /** How many unanswered questions end the connection. */
  readonly keepaliveCountMax: number;
}
export const LINE_DEFAULTS: LineOptions = Object.freeze({
  readyTimeout: 20_000,
  keepaliveInterval: 5_000,
  keepaliveCountMax: 4,
});

/** What `use` works with. */
export interface SftpLine {
  readonly sftp: SFTPWrapper;
  /**
   * One call. Rejects with the server's answer (a numeric status) or a local file's error as they
   * are, and with SourceUnreachable once the line is lost, even where ssh2 would never call back.
   */
  call<T>(ask: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T>;
}

/** The modern kinds of host key. */
const KEY_KINDS: readonly ServerHostKeyAlgorithm[][] = [
  ['ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'rsa-sha2-256'],
];

const quiet = (): void => undefined;

/** How long a goodbye may take, milliseconds. */
const GOODBYE = 1_000;

/**
 * Connects, lets `use` work, and hangs up, also when `signal` aborts (then its reason is thrown).
 * Throws SourceProblem or SourceUnreachable, and what `use` throws.
 */
export async function withSftp<T>(
  at: SourceAddress,
  options: LineOptions & { readonly signal?: AbortSignal },
  use: (line: SftpLine) => Promise<T>,
): Promise<T> {
  let otherKeys = 0;
  // A server with several host keys shows the kind that is asked for, and the pin may be of
  // another kind: each is asked for in turn. Nothing secret is said before a key fits.
  for (const kind of KEY_KINDS) {
    options.signal?.throwIfAborted();
    const line = new Line(at, kind, options);
    const hangUp = (): void => line.cut();
    options.signal?.addEventListener('abort', hangUp, { once: true });
    try {
      const answer = await line.open();
      if (answer === 'other-key') otherKeys += 1;
      if (answer === 'open') return await use(line);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', hangUp);
      await line.close();
    }
  }
  throw otherKeys > 0 ? new SourceProblem('SFTP_HOST_KEY') : new SourceUnreachable('EPROTO');
}

class Line implements SftpLine {
  private readonly at: SourceAddress;
  private readonly keyKind: ServerHostKeyAlgorithm[];
  private readonly options: LineOptions;
  private readonly client: SftpClient;
  /** Settles when the connection is gone. */
  private readonly gone: Promise<void>;
  private session: SFTPWrapper | null = null;
  private trouble: unknown = null;
  private otherKey = false;
  private begun = false;

  constructor(at: SourceAddress, keyKind: ServerHostKeyAlgorithm[], options: LineOptions) {
    this.at = at;
    this.keyKind = keyKind;
    this.options = options;
    // Without callbacks of our own it prints errors, with the server's words, on the console.
    this.client = new SftpClient('rollcall', { error: quiet, end: quiet, close: quiet });
    this.client.on('error', (error: unknown) => (this.trouble ??= error));
    this.gone = new Promise((resolve) => this.client.on('close', resolve));
    this.client.on('keyboard-interactive', this.answerPrompts());
    // Small packets wait for each other's receipts without it: five times 44 ms to sign in, and
    // then 0.2 MiB/s instead of 76.
    this.client.on('connect', () => this.ssh2.setNoDelay(true));
  }

  get sftp(): SFTPWrapper {
    if (this.session === null) throw new TypeError('the line is not open');
    return this.session;
  }

  /** Says why not, if the server's host key was not the pinned one or not of this kind. */
  async open(): Promise<'open' | 'other-key' | 'no-such-key'> {
    const { host, port, username, secret } = this.at;
    try {
      this.begun = true;
      this.session = await this.client.connect({
        host,
        port,
        username,
        ...secret,
        tryKeyboard: 'password' in secret,
        algorithms: { serverHostKey: this.keyKind },
        hostVerifier: (key: Buffer) => {
          this.otherKey = !isPinned(key, this.at.hostKey);
          return !this.otherKey;
        },
        readyTimeout: this.options.readyTimeout,
        keepaliveInterval: this.options.keepaliveInterval,
        keepaliveCountMax: this.options.keepaliveCountMax,
      });
      // A server may close the session and leave the line standing; some calls of ssh2 then hang.
      this.session.once('close', () => this.cut());
      return 'open';
    } catch (error) {
      if (this.otherKey) return 'other-key';
      // The first trouble is ssh2's own error; ssh2-sftp-client passes on a copy without `level`.
      const trouble = this.trouble ?? error;
      if (isKeyKindMissing(trouble)) return 'no-such-key';
      throw connectError(trouble);
    }
  }

  async call<T>(
    ask: (done: (error: Error | null | undefined, value: T) => void) => void,
  ): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      ask((error, value) => (error ? reject(error) : resolve(value)));
    });
    const lost = this.gone.then(() => {
      throw new Error('the line is lost');
    });
    try {
      return await Promise.race([answer, lost]);
    } catch (error) {
      const known = error instanceof SourceProblem || isAnswer(error) || isLocal(error);
      throw known ? error : lineError(this.trouble ?? error);
    }
  }

  /** Ends the connection at once. */
  cut(): void {
    this.ssh2.destroy();
  }

  async close(): Promise<void> {
    if (!this.begun) return;
    // A line that is dead, or never came about, does not answer a goodbye.
    const impatience = setTimeout(() => this.cut(), GOODBYE);
    await this.client.end().catch(() => undefined);
    clearTimeout(impatience);
    this.cut();
  }

  /** ssh2-sftp-client does not lend out the client that it wraps, but keeps it under this name. */
  private get ssh2(): Client {
    return (this.client as unknown as { readonly client: Client }).client;
  }

  /** Some servers take a password only as the answer to a prompt. It is given once. */
  private answerPrompts() {
    let given = false;
    return (
      _name: string,
      _instructions: string,
      _language: string,
      prompts: Prompt[],
      finish: KeyboardInteractiveCallback,
    ): void => {
      const { secret } = this.at;
      const answer = 'password' in secret && !given ? secret.password : '';
      given = true;
      finish(prompts.map(({ echo }) => (echo ? '' : answer)));
    };
  }
}
