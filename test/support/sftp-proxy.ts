/** A TCP relay that can stop or break a transfer at a given byte. */
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Stops what the server sends after so many more bytes; settles when it has stopped. */
  holdAfter(bytes: number): Promise<void>;
  /** The same for what the client sends. */
  holdUploadAfter(bytes: number): Promise<void>;
  release(): void;
  /** Breaks every connection, without a goodbye. */
  cut(): void;
  stop(): Promise<void>;
}

class Gate {
  private left = Infinity;
  private held: (() => void) | null = null;
  private stopped: Socket[] = [];

  after(bytes: number): Promise<void> {
    this.left = bytes;
    return new Promise((resolve) => (this.held = resolve));
  }

  relay(from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      to.write(chunk);
      this.left -= chunk.length;
      if (this.left > 0) return;
      from.pause();
      this.stopped.push(from);
      this.held?.();
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }

  open(): void {
    this.left = Infinity;
    for (const socket of this.stopped.splice(0)) socket.resume();
  }
}

export async function startProxy(target: { host: string; port: number }): Promise<Proxy> {
  const down = new Gate();
  const up = new Gate();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    up.relay(client, upstream);
    down.relay(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    holdAfter: (bytes) => down.after(bytes),
    holdUploadAfter: (bytes) => up.after(bytes),
    release: () => {
      down.open();
      up.open();
    },
    cut,
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
