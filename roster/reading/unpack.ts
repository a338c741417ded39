/** Step 0: the one CSV inside of a gzip or zip file; any other file is passed on as it is. */
import { bomb, canUnpack, gunzip, isBomb } from './gunzip.js';
import { Refusal } from './refusal.js';
import { packingOf, SIGNATURE_BYTES } from './signatures.js';
import type { Packing } from './signatures.js';
import type { ZipFile } from './zip.js';

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
    if (packing === 'gzip') yield* gunzip(all);
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
    if (length > ZIP_BYTES_MAX) throw bomb();
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
  if (beginsAsWorkbook(archive)) throw new Refusal('NOT_TEXT', 'NOT_TEXT_WORKBOOK');
  if (!canUnpack()) throw new Refusal('NOT_TEXT', 'NOT_TEXT_PACKED');
  // Loaded where there is a zip, as most files are none.
  const { zipFiles } = await import('./zip.js');
  const file = theCsv(await zipFiles(archive));
  if (isBomb(file.size, file.packed)) throw bomb();
  yield* file.content();
}

const WORKBOOK = /^(?:\[Content_Types\]\.xml|xl\/|mimetype$|content\.xml$|Index\/)/;
/** What archiving programs put beside the files that were meant. */
const BESIDE = /(?:^|[\\/])(?:__MACOSX[\\/].*|\.[^\\/]*|Thumbs\.db|desktop\.ini)$/i;
const CSV = /\.(?:csv|txt|tsv|tab)$/i;

function theCsv(files: readonly ZipFile[]): ZipFile {
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
