/**
 * Step 2: bytes to text, by evidence (docs/decisions/0010). A mark or the NUL bytes of UTF-16 at
 * the beginning decide at once. Everything else is UTF-8 until a byte says that it is not: then
 * the whole file is Windows-1252, and if UTF-8 letters stand in it as well, nobody can tell.
 */
import { byteText } from './byte-text.js';
import type { TextStep } from './byte-text.js';
import { Refusal } from './refusal.js';
import { encodingOf, refusedKind } from './signatures.js';

/** Told as soon as it is known; where needed after the text before that place was yielded. */
export interface DecodeNotes {
  bom(): void;
  utf16(name: 'UTF-16LE' | 'UTF-16BE'): void;
  /** The next character is the first one that says so. */
  windows1252(): void;
}

/**
 * Yields the text of blocks. Whatever precedes a fault is yielded before it is thrown, so the
 * reader has seen all lines up to it and knows where it stands.
 * Throws Refusal NOT_TEXT for another kind of file, for mixed encodings, and for NUL.
 */
export async function* decode(
  source: AsyncIterable<Uint8Array>,
  notes: DecodeNotes,
): AsyncGenerator<string, void, undefined> {
  let decoder: { push(block: Uint8Array, final: boolean): Iterable<TextStep> } | null = null;
  const run = function* (block: Uint8Array, final: boolean): Generator<string> {
    for (const step of decoder!.push(block, final)) {
      if (step === 'windows-1252') notes.windows1252();
      else if (step === 'mixed') throw new Refusal('NOT_TEXT', 'NOT_TEXT_ENCODING');
      else yield* withoutNul(step.text);
    }
  };
  for await (const block of source) {
    let bytes = block;
    if (decoder === null) {
      const kind = refusedKind(block);
      if (kind !== null) throw new Refusal('NOT_TEXT', kind, { line: 1 });
      const { name, mark } = encodingOf(block);
      if (name === 'utf-8') {
        if (mark > 0) notes.bom();
        decoder = byteText();
      } else {
        notes.utf16(name === 'utf-16le' ? 'UTF-16LE' : 'UTF-16BE');
        decoder = unitText(name);
      }
      bytes = block.subarray(mark);
    }
    yield* run(bytes, false);
  }
  if (decoder !== null) yield* run(new Uint8Array(0), true);
}

function* withoutNul(text: string): Generator<string> {
  const nul = text.indexOf('\0');
  if (nul < 0) {
    yield text;
    return;
  }
  yield text.slice(0, nul);
  throw new Refusal('NOT_TEXT', 'NOT_TEXT_NUL');
}

/** UTF-16. Half of a pair, or half of a unit at the end, becomes U+FFFD, which no cell may hold. */
function unitText(name: 'utf-16le' | 'utf-16be') {
  const decoder = new TextDecoder(name, { ignoreBOM: true });
  return {
    push: function* (block: Uint8Array, final: boolean): Generator<TextStep> {
      yield { text: decoder.decode(block, { stream: !final }) };
    },
  };
}
