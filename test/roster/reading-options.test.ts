import { describe, expect, it } from 'vitest';
import { readRoster } from '../../roster/read-roster.js';
import { sampleFile } from '../../dev/sample/index.js';
import { HEADER, asLists, file, line, pieces, read } from './reading.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a reading under way', () => {
  it('tells how far it is, up to all bytes and rows', async () => {
    const content = bytes(sampleFile('first'));
    const seen: [number, number][] = [];
    const { result } = await read(content, {
      onProgress: (done, rows) => void seen.push([done, rows]),
      sizes: [5_000],
    });
    if (!result.ok) throw new Error('refused');
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort(([a], [b]) => a - b));
    expect(seen.at(-1)).toEqual([content.length, result.rows]);
  });

  it('gives the names of the header and the cells of each row as they stand in the file', async () => {
    const header = HEADER.replace('class_id', 'Section ID');
    const seen: unknown[] = [];
    await readRoster(
      pieces(bytes(`Fall\n${header}\n${line({ student_grade_level: '07' })}\nRobert "Bob"\n`)),
      (row, cells) => void seen.push([row.line, row.accepted, cells?.at(-1)]),
      { onHeader: (names) => void seen.push(names.join()) },
    );
    expect(seen).toEqual([header, [3, true, '07'], [4, false, undefined]]);
  });

  it('stops when it is told to, and closes its source', async () => {
    const stop = new AbortController();
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        // Enough that a reader which goes on is noticed, and ends.
        for (let n = 0; n < 50; n++) yield bytes(`${file(line())}${'\n'.repeat(70_000)}`);
      } finally {
        closed = true;
      }
    }
    const reading = readRoster(source(), () => stop.abort(new Error('enough')), {
      signal: stop.signal,
    });
    await expect(reading).rejects.toThrow('enough');
    expect(closed).toBe(true);
  });

  it.each(['sink', 'source'])('throws what its %s throws', async (which) => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes(file(line()));
      if (which === 'source') throw new Error('source broke');
    }
    const sink = (): void => {
      if (which === 'sink') throw new Error('sink broke');
    };
    await expect(readRoster(source(), sink)).rejects.toThrow(`${which} broke`);
  });

  it('may be given pieces whose memory is used again for the next one', async () => {
    const content = bytes(sampleFile('first'));
    async function* source(): AsyncGenerator<Uint8Array> {
      const piece = new Uint8Array(70_000);
      for await (const part of pieces(content, [piece.length])) {
        piece.set(part);
        yield piece.subarray(0, part.length);
      }
    }
    const reused = await readRoster(source(), () => undefined);
    expect(asLists(reused)).toEqual((await read(content)).result);
  });

  it.each([65_536, 65_537])(
    'may be given pieces of %s bytes of a Buffer that is written over, letters cut in two',
    async (size) => {
      const rows = Array.from({ length: 5_000 }, (_, n) =>
        line({
          student_email: `s${n}@s.example`,
          student_last_name: `${'e'.repeat(n % 3)}${'é'.repeat(90)}`,
        }),
      );
      const content = bytes(file(...rows));
      const source = async function* (): AsyncGenerator<Uint8Array> {
        const piece = Buffer.alloc(size);
        for await (const part of pieces(content, [size])) {
          piece.set(part);
          yield piece.subarray(0, part.length);
          piece.fill(0xff);
        }
      };
      const reused = await readRoster(source(), () => undefined);
      expect(asLists(reused)).toEqual((await read(content)).result);
    },
  );
});
