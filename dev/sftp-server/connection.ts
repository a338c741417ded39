/** One connection: from its first byte to its last, whoever it turns out to be. */
import type { Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { Connection, SFTPWrapper, Session } from 'ssh2';
import { ALGORITHMS } from './algorithms.js';
import { guard } from './auth.js';
import type { Account, Doorkeeper } from './auth.js';
import { makeHome } from './folders.js';
import { serveSession } from './session.js';

export interface ConnectionContext extends Doorkeeper {
  readonly hostKey: string;
  readonly homes: string;
  onUploaded(upload: { district: string; name: string }): void;
}

export class ClientConnection {
  /** Who has signed in; null until then. */
  account: Account | null = null;
  private readonly socket: Socket;
  private readonly context: ConnectionContext;
  private readonly sessions = new Set<Promise<void>>();
  private client: Connection | null = null;
  private idle: NodeJS.Timeout | null = null;

  constructor(socket: Socket, context: ConnectionContext) {
    this.socket = socket;
    this.context = context;
    // Every session listens for the end of its socket.
    socket.setMaxListeners(0).setNoDelay(true);
    const grace = setTimeout(() => socket.destroy(), context.limits.loginGrace);
    socket.once('close', () => {
      clearTimeout(grace);
      if (this.idle) clearTimeout(this.idle);
    });
    // A server of its own for each socket, so that the two belong together without ssh2's insides.
    new ssh2.Server(
      { hostKeys: [context.hostKey], algorithms: ALGORITHMS, ident: 'Rollcall' },
      (client) => this.welcome(client, grace),
    ).injectSocket(socket);
  }

  /** Hangs up; after `patience` milliseconds without an answer, at once. */
  async end(patience: number): Promise<void> {
    if (!this.socket.closed) {
      const closed = new Promise((resolve) => this.socket.once('close', resolve));
      const cut = setTimeout(() => this.socket.destroy(), patience);
      if (this.client) this.client.end();
      else this.socket.destroy();
      await closed;
      clearTimeout(cut);
    }
    await Promise.all(this.sessions);
  }

  private welcome(client: Connection, grace: NodeJS.Timeout): void {
    this.client = client;
    // Scanners and broken lines; ssh2 closes the socket, and its messages quote the client.
    client.on('error', () => this.socket.destroy());
    guard(client, this.context, (account) => (this.account = account));
    client.on('ready', () => {
      clearTimeout(grace);
      this.stayAwake();
    });
    client.on('session', (accept, reject) => {
      if (this.sessions.size >= this.context.limits.sessions) reject();
      else this.openSession(accept());
    });
  }

  /** Only SFTP: without a listener ssh2 refuses shells, commands and forwarding by itself. */
  private openSession(session: Session): void {
    session.on('sftp', (accept) => {
      const served = this.serve(accept()).finally(() => this.sessions.delete(served));
      this.sessions.add(served);
    });
  }

  private async serve(sftp: SFTPWrapper): Promise<void> {
    const { account } = this;
    if (account === null) return;
    const { context, socket } = this;
    const { district } = account;
    await serveSession(sftp, {
      view: { homes: context.homes, district },
      socket,
      limits: context.limits,
      // The district may have been added since the server started.
      prepare: async () => {
        if (district !== null) await makeHome(context.homes, district);
      },
      onUploaded: (name) => {
        if (district !== null) context.onUploaded({ district, name });
      },
      onActivity: () => this.stayAwake(),
    });
  }

  private stayAwake(): void {
    if (this.idle) this.idle.refresh();
    else this.idle = setTimeout(() => this.client?.end(), this.context.limits.idle);
  }
}
