/** Work in order of arrival, with bounds on what a fast client can pile up here. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Answers that a slow client has not taken yet, bytes. */
const MOST_UNSENT = 8 * 1024 * 1024;

export class RequestQueue {
  private readonly socket: Socket;
  private readonly most: number;
  private readonly waiting: (() => Promise<void>)[] = [];
  private running: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  /** @param most waiting requests; with more, the socket is not read on until half are done */
  constructor(socket: Socket, most: number) {
    this.socket = socket;
    this.most = most;
  }

  /** `work` must not throw. */
  add(work: () => Promise<void>): void {
    if (this.closing) return;
    this.waiting.push(work);
    if (this.waiting.length > this.most) this.socket.pause();
    this.running ??= this.run();
  }

  /** Drops what waits, and does `last`, once, when what runs is done. `last` must not throw. */
  close(last: () => Promise<void>): Promise<void> {
    this.closing ??= this.finish(last);
    return this.closing;
  }

  private async finish(last: () => Promise<void>): Promise<void> {
    this.waiting.length = 0;
    this.socket.resume();
    await this.running;
    await last();
  }

  private async run(): Promise<void> {
    for (let work = this.waiting.shift(); work; work = this.waiting.shift()) {
      await work();
      if (this.waiting.length < this.most / 2 && this.socket.isPaused()) this.socket.resume();
      await this.drained();
    }
    this.running = null;
  }

  private async drained(): Promise<void> {
    while (this.socket.writableLength > MOST_UNSENT && !this.socket.destroyed) {
      const stop = new AbortController();
      const { signal } = stop;
      const either = [
        once(this.socket, 'drain', { signal }),
        once(this.socket, 'close', { signal }),
      ];
      await Promise.race(either).catch(() => undefined);
      stop.abort();
      await Promise.allSettled(either);
    }
  }
}
