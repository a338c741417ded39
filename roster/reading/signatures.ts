/** What the first bytes of a file give away about its kind. */
import type { FindingCode } from '../findings.js';

/** Null: any byte but NUL. */
type Pattern = readonly (number | null)[];

/** Kinds that are refused, with advice. A packed file gets here only from inside another one. */
const REFUSED: readonly (readonly [FindingCode, Pattern])[] = [
  ['NOT_TEXT_WORKBOOK', [0x50, 0x4b, 0x03, 0x04]],
  ['NOT_TEXT_OLD_WORKBOOK', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['NOT_TEXT_PDF', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['NOT_TEXT_PACKED', [0x50, 0x4b, 0x05, 0x06]],
  ['NOT_TEXT_PACKED', [0x1f, 0x8b, 0x08]],
];

/** How text is written: its name for TextDecoder, and how many bytes of mark stand before it. */
export interface Encoding {
  readonly name: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly mark: number;
}
const ENCODINGS: readonly (readonly [Encoding, Pattern])[] = [
  [{ name: 'utf-8', mark: 3 }, [0xef, 0xbb, 0xbf]],
  [{ name: 'utf-16le', mark: 2 }, [0xff, 0xfe]],
  [{ name: 'utf-16be', mark: 2 }, [0xfe, 0xff]],
  // Without a mark, every other byte of plain letters is NUL.
  [{ name: 'utf-16be', mark: 0 }, [0, null, 0, null]],
  [{ name: 'utf-16le', mark: 0 }, [null, 0, null, 0]],
];

/** Bytes that must be at hand, if the file has so many. */
export const SIGNATURE_BYTES = 8;

const startsWith = (bytes: Uint8Array, pattern: Pattern): boolean =>
  pattern.every((byte, i) =>
    byte === null ? bytes[i] !== 0 && i < bytes.length : bytes[i] === byte,
  );

/** The code of a kind of file that holds no CSV text; null if it may be text. */
export const refusedKind = (bytes: Uint8Array): FindingCode | null =>
  REFUSED.find(([, pattern]) => startsWith(bytes, pattern))?.[0] ?? null;

/** What the first bytes say about the encoding; UTF-8 without a mark if they say nothing. */
export const encodingOf = (bytes: Uint8Array): Encoding =>
  ENCODINGS.find(([, pattern]) => startsWith(bytes, pattern))?.[0] ?? { name: 'utf-8', mark: 0 };

export type Packing = 'gzip' | 'zip';

/** An archive, whose content is looked at instead. */
export function packingOf(bytes: Uint8Array): Packing | null {
  if (startsWith(bytes, [0x1f, 0x8b, 0x08])) return 'gzip';
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return 'zip';
  return startsWith(bytes, [0x50, 0x4b, 0x05, 0x06]) ? 'zip' : null;
}
