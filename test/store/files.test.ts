/** Fetched files in Postgres: whole or not there, once, and what was kept comes back. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropSnapshots, fileContent, keepFile } from '../../store/files.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict } from './support.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());

const PIECE = 1024 * 1024;
/** Two and a half pieces that do not pack, and one that does. */
const BYTES = Buffer.concat([randomBytes(2.5 * PIECE), Buffer.alloc(PIECE, 'maple,')]);
const identityOf = (bytes: Buffer) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
});
const FILE = identityOf(BYTES);

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
const keep = (district: string, source = () => chunksOf(BYTES), run = 1) =>
  keepFile(test.db, { district, run }, 'roster', FILE, source);

async function kept(district: string): Promise<Buffer | null> {
  const content = await fileContent(test.db, district, 'roster', FILE.sha256);
  if (content === null) return null;
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}
/** Of all districts. */
const rowsOf = async (table: 'files' | 'file_pieces'): Promise<number> =>
  Number((await test.db(`rollcall.${table}`).count())[0]?.['count']);

async function newId(): Promise<string> {
  return (await newDistrict(test.db)).id;
}

describe('a file', () => {
  it('comes back byte for byte', async () => {
    const district = await newId();
    expect(await keep(district)).toBe(true);
    expect((await kept(district))?.equals(BYTES)).toBe(true);
  });

  it('is one district’s', async () => {
    const [one, other] = [await newId(), await newId()];
    await keep(one);
    expect(await kept(other)).toBeNull();
  });

  it('is kept once, however many runs bring the same bytes', async () => {
    const district = await newId();
    const [first, second] = await Promise.all([keep(district), keep(district, undefined, 2)]);
    expect([first, second]).toEqual([true, true]);
    const [files, pieces] = [await rowsOf('files'), await rowsOf('file_pieces')];
    const unread = () => {
      throw new Error('known bytes need not be read');
    };
    expect(await keep(district, unread, 3)).toBe(true);
    expect([await rowsOf('files'), await rowsOf('file_pieces')]).toEqual([files, pieces]);
  });

  it('is not there if the bytes are other ones', async () => {
    const district = await newId();
    const [files, pieces] = [await rowsOf('files'), await rowsOf('file_pieces')];
    expect(await keep(district, () => chunksOf(BYTES.subarray(0, 2 * PIECE)))).toBe(false);
    expect(await kept(district)).toBeNull();
    expect([await rowsOf('files'), await rowsOf('file_pieces')]).toEqual([files, pieces]);
  });

  it('is not there if reading it broke in the middle, and whole after the next try', async () => {
    const district = await newId();
    const pieces = await rowsOf('file_pieces');
    async function* broken() {
      for (const cut of [0, 1, 2, 3]) yield BYTES.subarray(cut, cut + PIECE);
      throw new Error('the disk broke');
    }
    await expect(keep(district, broken)).rejects.toThrow('the disk broke');
    expect(await kept(district)).toBeNull();
    expect(await rowsOf('file_pieces')).toBe(pieces);
    expect(await keep(district)).toBe(true);
    expect((await kept(district))?.equals(BYTES)).toBe(true);
  });

  it('is not there if the connection was lost in the middle, and whole after the next try', async () => {
    const district = await newId();
    let isCut = false;
    async function* cut() {
      for (let n = 0; n < 8; n += 1) {
        yield BYTES.subarray(0, PIECE);
        if (n < 6 || isCut) continue;
        const { rows } = await test.db.raw<{ rows: unknown[] }>(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()
             and query like 'insert into rollcall.file_pieces%'`,
        );
        isCut = rows.length === 1;
      }
    }
    await expect(keep(district, cut)).rejects.toMatchObject({ code: 'DB_UNAVAILABLE' });
    expect(isCut).toBe(true);
    expect(await kept(district)).toBeNull();
    expect(await keep(district)).toBe(true);
    expect((await kept(district))?.equals(BYTES)).toBe(true);
  });

  it('is not there if it was broken off in the middle', async () => {
    const district = await newId();
    const stop = new AbortController();
    async function* stopped() {
      for (let n = 0; n < 6; n += 1) yield BYTES.subarray(0, PIECE);
      stop.abort();
      yield BYTES.subarray(0, PIECE);
    }
    const ref = { district, run: 1 };
    await expect(keepFile(test.db, ref, 'roster', FILE, stopped, stop.signal)).rejects.toThrow(
      'abort',
    );
    expect(await kept(district)).toBeNull();
  });

  it.each([
    [
      'has other bytes',
      `update rollcall.file_pieces set packed = (
        select packed from rollcall.file_pieces o where o.file_key = f.key and o.seq = 1)
      from rollcall.files f where f.key = file_key and seq = 0 and f.district_key = ?`,
    ],
    [
      'cannot be unpacked',
      `update rollcall.file_pieces set packed = '\\x00ff'
      from rollcall.files f where f.key = file_key and seq = 2 and f.district_key = ?`,
    ],
    [
      'is missing',
      `delete from rollcall.file_pieces using rollcall.files f
      where f.key = file_key and seq = 3 and f.district_key = ?`,
    ],
  ])('is told from what was kept where a piece %s', async (_, spoil) => {
    const { id } = await newDistrict(test.db);
    await keep(id);
    const [row] = await test.db('rollcall.districts').where({ id }).select('key');
    await test.db.raw(spoil, [(row as { key: number }).key]);
    await expect(kept(id)).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED', retryable: false });
  });

  it('may have no bytes at all', async () => {
    const district = await newId();
    const nothing = identityOf(Buffer.alloc(0));
    const ref = { district, run: 1 };
    const none = () => chunksOf(Buffer.alloc(0));
    expect(await keepFile(test.db, ref, 'roster', nothing, none)).toBe(true);
    const content = await fileContent(test.db, district, 'roster', nothing.sha256);
    expect(await content?.next()).toMatchObject({ done: true });
  });

  it('goes with its district', async () => {
    const [files, pieces] = [await rowsOf('files'), await rowsOf('file_pieces')];
    const district = await newId();
    await keep(district);
    expect(await rowsOf('file_pieces')).toBe(pieces + 4);
    await test.db.raw(
      `delete from rollcall.roster_state where district_key =
         (select key from rollcall.districts where id = ?)`,
      [district],
    );
    await test.db('rollcall.districts').where({ id: district }).delete();
    expect([await rowsOf('files'), await rowsOf('file_pieces')]).toEqual([files, pieces]);
  });
});

describe('what was read', () => {
  it('stays until nobody compares with it any more, or a later run has read the same', async () => {
    const district = await newId();
    const texts = ['one', 'two', 'one', 'three'].map((text) => Buffer.from(text));
    for (const [n, text] of texts.entries()) {
      const ref = { district, run: n + 1 };
      await keepFile(test.db, ref, 'snapshot', identityOf(text), () => chunksOf(text));
    }
    await keep(district);
    await dropSnapshots(test.db, district, 3);
    const there = await Promise.all(
      texts.map(async (text) => {
        const { sha256 } = identityOf(text);
        const content = await fileContent(test.db, district, 'snapshot', sha256);
        return (await content?.next())?.value?.toString();
      }),
    );
    expect(there).toEqual(['one', undefined, 'one', 'three']);
    expect(await kept(district)).not.toBeNull();
  });
});
