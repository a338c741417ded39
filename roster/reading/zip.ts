/**
 * The directory of a zip archive, read strictly: what it does not say plainly is refused. Names
 * in it are looked at, and nothing is ever written under them.
 */
import { Refusal } from './refusal.js';

export interface ZipEntry {
  /** As it stands in the archive. */
  readonly bytes: Uint8Array;
  readonly method: 'stored' | 'deflated';
  /** Once it is unpacked. */
  readonly size: number;
  readonly crc: number;
}

const DIRECTORY_END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_LENGTH = 22;
const COMMENT_MAX = 0xffff;
const ENTRIES_MAX = 10_000;
/** Stands where only the 64-bit form of the archive has the number. */
const IN_ZIP64 = 0xffffffff;

const broken = (): Refusal => new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_BROKEN', { line: null });
const names = new TextDecoder('utf-8');

/**
 * Its files, without folders. Throws Refusal NOT_TEXT_ARCHIVE_BROKEN for what is cut, damaged,
 * in several parts or beyond 4 GB.
 */
export function zipFiles(archive: Uint8Array): ZipHeader[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (view.getUint16(end + 4, true) !== 0 || at === IN_ZIP64 || count > ENTRIES_MAX) throw broken();
  const found: ZipHeader[] = [];
  for (let n = 0; n < count; n++) {
    if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw broken();
    const nameLength = view.getUint16(at + 28, true);
    const name = names.decode(archive.subarray(at + 46, at + 46 + nameLength));
    const header: ZipHeader = {
      name,
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    if (!name.endsWith('/')) found.push(header);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

/** What the directory says of a file. */
export interface ZipHeader {
  readonly name: string;
  readonly encrypted: boolean;
  readonly method: number;
  /** CRC-32 of what is unpacked. */
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Where the file's bytes are. Throws as `zipFiles` does; NOT_TEXT_ARCHIVE_LOCKED with a password. */
export function zipEntry(archive: Uint8Array, header: ZipHeader): ZipEntry {
  const { encrypted, method, packed, size, crc, offset } = header;
  if (encrypted) throw new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_LOCKED');
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (offset + 30 > archive.length || view.getUint32(offset, true) !== LOCAL_ENTRY) throw broken();
  const from = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const bytes = archive.subarray(from, from + packed);
  if (bytes.length !== packed || (method !== 0 && method !== 8)) throw broken();
  return { bytes, method: method === 0 ? 'stored' : 'deflated', size, crc };
}

/** The end record stands last, with a comment behind it at most. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - COMMENT_MAX); at--) {
    if (view.getUint32(at, true) !== DIRECTORY_END) continue;
    if (at + END_LENGTH + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw broken();
}
