/** Step 2: bytes to text, strictly UTF-8. What is not text is recognised and refused. */
import { Refusal } from './refusal.js';
import type { FindingCode } from '../findings.js';

const SIGNATURES: readonly (readonly [FindingCode, readonly (number | null)[]])[] = [
  ['NOT_TEXT_WORKBOOK', [0x50, 0x4b, 0x03, 0x04]],
  ['NOT_TEXT_WORKBOOK', [0x50, 0x4b, 0x05, 0x06]],
  ['NOT_TEXT_OLD_WORKBOOK', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['NOT_TEXT_PDF', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['NOT_TEXT_GZIP', [0x1f, 0x8b, 0x08]],
  ['NOT_TEXT_UTF16', [0xff, 0xfe]],
  ['NOT_TEXT_UTF16', [0xfe, 0xff]],
  // Without a byte order mark, every other byte of plain letters is NUL.
  ['NOT_TEXT_UTF16', [0, null, 0, null]],
  ['NOT_TEXT_UTF16', [null, 0, null, 0]],
];
const BOM = [0xef, 0xbb, 0xbf];

type Decoder = InstanceType<typeof TextDecoder>;

const startsWith = (bytes: Uint8Array, signature: readonly (number | null)[]): boolean =>
  signature.every((byte, i) =>
    byte === null ? bytes[i] !== 0 && i < bytes.length : bytes[i] === byte,
  );

/**
 * Yields the text of UTF-8 blocks. Whatever precedes a fault is yielded before it is thrown, so
 * the reader has seen all lines up to it and knows where it stands. Calls `onBom` if the file
 * begins with a byte order mark, which is left out.
 * Throws Refusal NOT_TEXT for another kind of file, bytes that are not UTF-8, and NUL.
 */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  onBom: () => void,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let carry: Uint8Array = new Uint8Array(0);
  let first = true;
  for await (const block of source) {
    let bytes = carry.length === 0 ? block : join(carry, block);
    if (first) {
      first = false;
      const known = SIGNATURES.find(([, signature]) => startsWith(bytes, signature));
      if (known !== undefined) throw new Refusal('NOT_TEXT', known[0], { line: 1 });
      if (startsWith(bytes, BOM)) {
        bytes = bytes.subarray(BOM.length);
        onBom();
      }
    }
    const whole = wholeLength(bytes);
    carry = bytes.slice(whole);
    yield* decodeWhole(decoder, bytes.subarray(0, whole));
  }
  if (carry.length > 0) throw new Refusal('NOT_TEXT', 'NOT_TEXT_ENCODING');
}

function* decodeWhole(decoder: Decoder, bytes: Uint8Array): Generator<string> {
  let fault: Refusal | null = null;
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    text = decoder.decode(bytes.subarray(0, validLength(decoder, bytes)));
    fault = new Refusal('NOT_TEXT', 'NOT_TEXT_ENCODING');
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    text = text.slice(0, nul);
    fault = new Refusal('NOT_TEXT', 'NOT_TEXT_NUL');
  }
  yield text;
  if (fault !== null) throw fault;
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}

/** Bytes that the character beginning with this byte takes. */
const sizeOf = (lead: number): number => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

/** How much of `bytes` there is before a character that the next block completes. */
function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return sizeOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Where the first byte that is not UTF-8 stands. Slow, and only for a block that has one. */
function validLength(decoder: Decoder, bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const size = sizeOf(bytes[at]!);
    if (bytes[at]! >= 0x80) {
      try {
        decoder.decode(bytes.subarray(at, at + size));
      } catch {
        return at;
      }
    }
    at += size;
  }
  return bytes.length;
}
