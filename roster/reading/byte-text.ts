/** Text of one byte or more a letter: UTF-8, or Windows-1252 from the first byte that is not. */
import { windows1252 } from './windows-1252.js';

/** `windows-1252`: the file is, from here on. `mixed`: both encodings stand in it. */
export type TextStep = { readonly text: string } | 'windows-1252' | 'mixed';

/**
 * As long as all bytes were ASCII, UTF-8 and Windows-1252 say the same: so the reader can change
 * its mind at the first byte that UTF-8 does not allow, without having said anything wrong. Once
 * a letter was read as UTF-8, or could be read as such later, both readings stand and none is
 * taken.
 */
export function byteText(): { push(block: Uint8Array, final: boolean): Generator<TextStep> } {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let carry: Uint8Array = new Uint8Array(0);
  let beyondAscii = false;
  let isUtf8 = true;

  function* inUtf8(bytes: Uint8Array): Generator<TextStep> {
    let valid = bytes;
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      valid = bytes.subarray(0, validLength(bytes));
      text = utf8.decode(valid);
    }
    // Every letter beyond ASCII takes more bytes than units.
    if (text.length < valid.length) beyondAscii = true;
    yield { text };
    if (valid.length === bytes.length) return;
    if (beyondAscii) {
      yield 'mixed';
      return;
    }
    isUtf8 = false;
    yield 'windows-1252';
    yield* inWindows1252(bytes.subarray(valid.length));
  }

  function* inWindows1252(bytes: Uint8Array): Generator<TextStep> {
    const at = firstLetter(bytes);
    yield { text: windows1252(bytes.subarray(0, at)) };
    if (at < bytes.length) yield 'mixed';
  }

  return {
    push: function* (block, final) {
      const bytes = carry.length === 0 ? block : join(carry, block);
      const whole = final ? bytes.length : wholeLength(bytes);
      carry = bytes.slice(whole);
      if (whole > 0) yield* (isUtf8 ? inUtf8 : inWindows1252)(bytes.subarray(0, whole));
    },
  };
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

const isBetween = (byte: number | undefined, low: number, high: number): boolean =>
  byte !== undefined && byte >= low && byte <= high;

/** Whether a whole UTF-8 letter beyond ASCII stands at `at`: table 3-7 of the Unicode standard. */
function isLetter(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at]!;
  if (lead < 0xc2 || lead > 0xf4) return false;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (!isBetween(bytes[at + 1], low, high)) return false;
  for (let i = 2; i < sizeOf(lead); i++) if (!isBetween(bytes[at + i], 0x80, 0xbf)) return false;
  return true;
}

/** Where the first byte that is not UTF-8 stands. */
function validLength(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at]! < 0x80) at++;
    else if (isLetter(bytes, at)) at += sizeOf(bytes[at]!);
    else return at;
  }
  return bytes.length;
}

/** Where the first letter beyond ASCII stands that is UTF-8; the length if there is none. */
function firstLetter(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++)
    if (bytes[at]! >= 0xc2 && isLetter(bytes, at)) return at;
  return bytes.length;
}
