/** Step 0: the one CSV inside of a gzip or zip file; any other file is passed on as it is. */
import { crc32 } from './crc32.js';
import { inflate } from './inflate.js';
import { Refusal } from './refusal.js';
import { packingOf, SIGNATURE_BYTES } from './signatures.js';
import type { Packing } from './signatures.js';
import { zipEntry, zipFiles } from './zip.js';
import type { ZipHeader } from './zip.js';

/** A zip is read from its end, so it is held in memory. Twice a large district, packed. */
export const ZIP_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Throws Refusal NOT_TEXT for an archive that is broken, locked, a bomb, a workbook in disguise,
 * or without exactly one CSV in it. A block is good until the next one is asked for.
 */
export async function* unpack(
  source: AsyncIterable<Uint8Array>,
  onPacked: (packing: Packing) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    const { head, done } = await readHead(pieces);
    const all = done ? one(head) : chain(head, pieces);
    const packing = packingOf(head);
    if (packing !== null) onPacked(packing);
    if (packing === 'gzip') yield* inflate(all, 'gzip');
    else if (packing === 'zip') yield* fromZip(await gather(all));
    else yield* all;
  } finally {
    await pieces.return?.();
  }
}

/** The first bytes, however small the pieces; `done` if there are no more. */
async function readHead(
  pieces: AsyncIterator<Uint8Array>,
): Promise<{ head: Uint8Array; done: boolean }> {
  const first = await pieces.next();
  if (first.done === true) return { head: new Uint8Array(0), done: true };
  let head = first.value;
  while (head.length < SIGNATURE_BYTES) {
    // What was handed out before may be written over by the next piece.
    const before = head.slice();
    const next = await pieces.next();
    if (next.done === true) return { head: before, done: true };
    head = new Uint8Array(before.length + next.value.length);
    head.set(before);
    head.set(next.value, before.length);
  }
  return { head, done: false };
}

async function* one(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece;
}

async function* chain(
  head: Uint8Array,
  pieces: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    length += piece.length;
    if (length > ZIP_BYTES_MAX) throw refusal('NOT_TEXT_ARCHIVE_BOMB');
    pieces.push(piece.slice());
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

async function* fromZip(archive: Uint8Array): AsyncGenerator<Uint8Array> {
  const file = zipEntry(archive, theCsv(archive));
  const whole =
    file.method === 'stored' ? one(file.bytes) : inflate(inSlices(file.bytes), 'deflate-raw');
  let length = 0;
  let crc = 0;
  for await (const piece of whole) {
    length += piece.length;
    crc = crc32(piece, crc);
    // A directory that lies about a size is not to be trusted with anything.
    if (length > file.size) throw refusal('NOT_TEXT_ARCHIVE_BROKEN');
    yield piece;
  }
  if (length !== file.size || crc !== file.crc) throw refusal('NOT_TEXT_ARCHIVE_BROKEN');
}

/** Slices let the limits be judged against what was really taken in. */
async function* inSlices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const SLICE = 65_536;
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

const WORKBOOK = /^(?:\[Content_Types\]\.xml|xl\/|mimetype$|content\.xml$|Index\/)/;
/** What archiving programs put beside the files that were meant. */
const BESIDE = /(?:^|[\\/])(?:__MACOSX[\\/].*|\.[^\\/]*|Thumbs\.db|desktop\.ini)$/i;
const CSV = /\.(?:csv|txt|tsv|tab)$/i;

function theCsv(archive: Uint8Array): ZipHeader {
  if (beginsAsWorkbook(archive)) throw new Refusal('NOT_TEXT', 'NOT_TEXT_WORKBOOK');
  const files = zipFiles(archive);
  if (files.some(({ name }) => WORKBOOK.test(name)))
    throw new Refusal('NOT_TEXT', 'NOT_TEXT_WORKBOOK');
  const meant = files.filter(({ name }) => !BESIDE.test(name));
  const csvs = meant.filter(({ name }) => CSV.test(name));
  const found = csvs.length === 0 && meant.length === 1 ? meant : csvs;
  if (found.length !== 1) {
    throw new Refusal('NOT_TEXT', 'NOT_TEXT_ARCHIVE_CONTENT', { count: found.length });
  }
  return found[0]!;
}

/** A cut workbook has no directory, but still the name of its first part. */
function beginsAsWorkbook(archive: Uint8Array): boolean {
  return WORKBOOK.test(String.fromCharCode(...archive.subarray(30, 60)));
}

/** Where the damage stands among the lines inside depends on chance, so it has no line. */
const refusal = (code: 'NOT_TEXT_ARCHIVE_BROKEN' | 'NOT_TEXT_ARCHIVE_BOMB'): Refusal =>
  new Refusal('NOT_TEXT', code, { line: null });
