/** The open files and folders of one session, under the handles that the client knows them by. */
import type { FileHandle } from 'node:fs/promises';
import type { FileEntry } from 'ssh2';
import { badHandle, failure } from './refusals.js';

export interface OpenFile {
  readonly kind: 'file';
  readonly file: FileHandle;
  /** Below the account's `/`. */
  readonly parts: readonly string[];
  readonly writable: boolean;
  /** Where the upload waits until it is whole; null if the file is changed in place. */
  readonly waiting: { readonly at: string; readonly target: string } | null;
  /** Something was written, or the file was made or emptied by opening it. */
  touched: boolean;
  /** Why a write failed: what is there is not what the client sent. */
  broken: string | null;
}

export interface OpenFolder {
  readonly kind: 'folder';
  /** What has not been listed yet. */
  readonly rest: FileEntry[];
}

export class Handles {
  private readonly open = new Map<number, OpenFile | OpenFolder>();
  private readonly most: number;
  private next = 1;

  constructor(most: number) {
    this.most = most;
  }

  /** Call before opening, so that nothing is opened in vain. */
  checkRoom(): void {
    if (this.open.size >= this.most) throw failure('too many files are open');
  }

  add(what: OpenFile | OpenFolder): Buffer {
    const id = this.next++;
    this.open.set(id, what);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(id);
    return handle;
  }

  file(handle: Buffer): OpenFile {
    const found = this.open.get(idOf(handle));
    if (found?.kind !== 'file') throw badHandle();
    return found;
  }

  folder(handle: Buffer): OpenFolder {
    const found = this.open.get(idOf(handle));
    if (found?.kind !== 'folder') throw badHandle();
    return found;
  }

  take(handle: Buffer): OpenFile | OpenFolder {
    const id = idOf(handle);
    const found = this.open.get(id);
    if (found === undefined) throw badHandle();
    this.open.delete(id);
    return found;
  }

  /** What the client left open. */
  takeFiles(): OpenFile[] {
    const left = [...this.open.values()].filter((one) => one.kind === 'file');
    this.open.clear();
    return left;
  }
}

const idOf = (handle: Buffer): number => (handle.length === 4 ? handle.readUInt32BE() : 0);
