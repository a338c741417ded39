import { generateKeyPairSync } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addKey,
  authorizedKeys,
  checkPassword,
  ensureAccount,
  newPassword,
} from '../../store/config/access.js';
import {
  addDistrict,
  getDistrict,
  listDistricts,
  markLive,
  setDistrict,
} from '../../store/config/districts.js';
import { mintLink, openLink, revokeLinks } from '../../store/config/links.js';
import { keepNote, readNote } from '../../store/config/notes.js';
import { parsePublicKey } from '../../store/config/public-keys.js';
import { hashPassword, verifyPassword } from '../../store/config/scrypt.js';
import { DEFAULT_TIMINGS } from '../../store/types.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { newDistrict } from './support.js';

let test: TestDatabase;
let district: string;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.drop());
beforeEach(async () => {
  district = (await newDistrict(test.db)).id;
});

describe('districts', () => {
  const input = {
    id: 'oak-hill',
    name: 'Oak Hill',
    contact: 'it@oak.example',
    seats: 500,
    timeZone: 'America/Denver',
    nightlyAt: '04:15',
  };

  it('are kept with defaults for what is not said', async () => {
    const added = await addDistrict(test.db, input);
    expect(added).toMatchObject({
      ...input,
      products: [],
      fileName: 'roster.csv',
      ownServer: null,
      limits: { removalPercent: 10 },
      timings: DEFAULT_TIMINGS,
      columns: {},
      accepts: [],
      liveAt: null,
    });
    expect(added.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(await getDistrict(test.db, 'oak-hill')).toEqual(added);
    await expect(addDistrict(test.db, input)).rejects.toMatchObject({ code: 'DISTRICT_EXISTS' });
  });

  it('change only in what is named; limits and timings key by key', async () => {
    const ownServer = {
      host: 'sftp.oak.example',
      port: 22,
      username: 'oak',
      path: '/out',
      secretRef: 'env:OAK',
      hostKey: 'SHA256:abc',
    };
    const before = await getDistrict(test.db, district);
    const changed = await setDistrict(test.db, district, {
      seats: 7,
      ownServer,
      timings: { quietFor: 5 },
    });
    expect(changed).toEqual({
      ...before,
      seats: 7,
      ownServer,
      timings: { ...DEFAULT_TIMINGS, quietFor: 5 },
    });
    const again = await setDistrict(test.db, district, {
      timings: { lookEvery: 6 },
      limits: { removalPercent: 25 },
      products: ['rocketlit'],
    });
    expect(again.timings).toMatchObject({ quietFor: 5, lookEvery: 6 });
    expect(again.ownServer).toEqual(ownServer);
    expect((await setDistrict(test.db, district, { ownServer: null })).ownServer).toBeNull();
  });

  it('keep how their file is read, each part in place of what was kept before', async () => {
    const columns = { 'Learner "Mail"': 'student_email', ['__proto__']: 'class_id' } as const;
    await setDistrict(test.db, district, { columns });
    const kept = (await getDistrict(test.db, district)).columns;
    expect(new Map(Object.entries(kept))).toEqual(new Map(Object.entries(columns)));
    await setDistrict(test.db, district, { columns: { Org: 'school_id' } });
    expect((await setDistrict(test.db, district, { seats: 7 })).columns).toEqual({
      Org: 'school_id',
    });
    const accepts = ['ID_DECIMAL', 'ID_ZEROS_LOST'] as const;
    const both = await setDistrict(test.db, district, { accepts });
    expect(both).toMatchObject({ accepts, columns: { Org: 'school_id' } });
    const one = await setDistrict(test.db, district, { columns: {}, accepts: ['CLASS_SIZE'] });
    expect([one.columns, one.accepts]).toEqual([{}, ['CLASS_SIZE']]);
    expect((await setDistrict(test.db, district, { accepts: [] })).accepts).toEqual([]);
    const added = await newDistrict(test.db, { columns });
    expect(Object.keys(added.columns).sort()).toEqual(Object.keys(columns).sort());
  });

  it('go live once', async () => {
    await markLive(test.db, district);
    const { liveAt } = await getDistrict(test.db, district);
    expect(liveAt).not.toBeNull();
    await markLive(test.db, district);
    expect((await getDistrict(test.db, district)).liveAt).toBe(liveAt);
  });

  it('that are unknown say so in one line, without repeating odd input', async () => {
    await expect(getDistrict(test.db, 'nowhere')).rejects.toThrow('there is no district "nowhere"');
    const odd = getDistrict(test.db, 'Ann Lee\0');
    await expect(odd).rejects.toMatchObject({ code: 'DISTRICT_UNKNOWN' });
    await expect(odd).rejects.not.toThrow('Ann');
    const answers = [setDistrict(test.db, 'nowhere', { seats: 1 }), markLive(test.db, 'nowhere')];
    for (const answer of answers) {
      await expect(answer).rejects.toMatchObject({ code: 'DISTRICT_UNKNOWN' });
    }
  });

  it.each([['Oak'], ['-oak'], [''], ['a'.repeat(64)], ['oak/hill'], ['oak\nhill']])(
    'never get the id %j',
    async (id) => {
      await expect(addDistrict(test.db, { ...input, id })).rejects.toMatchObject({
        fault: { constraint: 'districts_id_check' },
      });
      expect((await listDistricts(test.db)).some((one) => one.id === id)).toBe(false);
    },
  );

  it.each([
    [{ nightlyAt: '24:00' }],
    [{ seats: -1 }],
    [{ fileName: '../roster.csv' }],
    [{ fileName: '..' }],
    [{ name: '' }],
  ])('are refused by the table itself with %j', async (bad) => {
    await expect(setDistrict(test.db, district, bad)).rejects.toMatchObject({
      fault: { sqlState: '23514' },
    });
  });
});

describe('passwords', () => {
  it('are random, replace the old one, and are kept only as a hash', async () => {
    const first = await newPassword(test.db, district);
    expect(first).toMatch(/^[a-hjkmnp-z2-9]{26}$/);
    expect(await checkPassword(test.db, district, first)).toBe(district);
    const second = await newPassword(test.db, district);
    expect(second).not.toBe(first);
    expect(await checkPassword(test.db, district, first)).toBeNull();
    expect(await checkPassword(test.db, district, second)).toBe(district);
    const kept = JSON.stringify(await test.db('rollcall.accounts').select());
    expect(kept).not.toContain(first);
    expect(kept).not.toContain(second);
  });

  it('are needed: no account, no password yet, an unknown or odd name all mean no', async () => {
    expect(await checkPassword(test.db, district, '')).toBeNull();
    await ensureAccount(test.db, district);
    await ensureAccount(test.db, district);
    expect(await checkPassword(test.db, district, '')).toBeNull();
    const password = await newPassword(test.db, district);
    for (const name of ['nobody', '', `${district}\0`, district.toUpperCase()]) {
      expect(await checkPassword(test.db, name, password)).toBeNull();
    }
  });

  it('carry their parameters, and a broken hash opens nothing', async () => {
    const stored = await hashPassword('open sesame');
    expect(stored).toMatch(/^scrypt\$15\$8\$1\$/);
    expect(await verifyPassword('open sesame', stored)).toBe(true);
    expect(await verifyPassword('open sesame', stored.slice(0, -5))).toBe(false);
    expect(await verifyPassword('', 'scrypt$15$8$1$$')).toBe(false);
    expect(await verifyPassword('', null)).toBe(false);
  });
});

describe('public keys', () => {
  const field = (value: string | Buffer): Buffer => {
    const bytes = Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const line = (type: string, ...fields: (string | Buffer)[]): string =>
    `${type} ${Buffer.concat([type, ...fields].map(field)).toString('base64')}`;
  const ed25519 = (): string => {
    const { publicKey } = generateKeyPairSync('ed25519');
    return line(
      'ssh-ed25519',
      Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
    );
  };
  const rsa = (bits: number): string => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const { n, e } = publicKey.export({ format: 'jwk' });
    const number = (text = ''): Buffer =>
      Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]);
    return line('ssh-rsa', Buffer.from(e ?? '', 'base64url'), number(n));
  };
  const ecdsa = (flip: boolean): string => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const bytes = [x, y].map((half) => Buffer.from(half ?? '', 'base64url'));
    const point = Buffer.concat([Buffer.from([4]), ...bytes]);
    if (flip) point[40] = (point[40] ?? 0) ^ 1;
    return line('ecdsa-sha2-nistp256', 'nistp256', point);
  };

  it('are kept once, without their comment', async () => {
    const key = ed25519();
    const { fingerprint } = await addKey(test.db, district, `  ${key} ann@laptop\n`);
    expect(await addKey(test.db, district, key)).toEqual({ fingerprint });
    const other = rsa(2048);
    await addKey(test.db, district, other);
    expect(await authorizedKeys(test.db, district)).toEqual([key, other]);
    expect(await authorizedKeys(test.db, 'nobody')).toEqual([]);
    await expect(addKey(test.db, 'nobody', key)).rejects.toMatchObject({
      code: 'DISTRICT_UNKNOWN',
    });
  });

  it('are accepted as ed25519, ecdsa and rsa from 2048 bits', () => {
    for (const key of [ed25519(), ecdsa(false), rsa(2048)]) {
      expect(parsePublicKey(key)).toEqual({
        key,
        fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
      });
    }
  });

  it.skipIf(!existsSync('/usr/bin/ssh-keygen') && process.env['CI'] !== 'true')(
    'have the fingerprint that ssh-keygen prints',
    () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-key-'));
      try {
        const file = path.join(folder, 'key');
        for (const type of ['ed25519', 'ecdsa', 'rsa']) {
          execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', `${file}-${type}`]);
          const printed = execFileSync('ssh-keygen', ['-l', '-f', `${file}-${type}.pub`], {
            encoding: 'utf8',
          });
          const parsed = parsePublicKey(readFileSync(`${file}-${type}.pub`, 'utf8'));
          expect(printed).toContain(parsed.fingerprint);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it.each<[string, () => string]>([
    ['an rsa key of 1024 bits', () => rsa(1024)],
    ['a point beside the curve', () => ecdsa(true)],
    ['a truncated key', () => ed25519().slice(0, -8)],
    ['a key with something behind it', () => line('ssh-ed25519', Buffer.alloc(32), 'more')],
    ['parts that disagree', () => ed25519().replace('ssh-ed25519', 'ssh-rsa')],
    ['an old type', () => line('ssh-dss', Buffer.alloc(128, 1))],
    ['options in front', () => `command="sh" ${ed25519()}`],
    ['two lines', () => `${ed25519()}\n${ed25519()}`],
    ['a private key', () => '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n'],
    ['nothing', () => ''],
  ])('are refused: %s', (_name, key) => {
    const text = key();
    let refusal: unknown;
    try {
      parsePublicKey(text);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'KEY_INVALID' });
    const quoted = text.split(/\s+/).filter((part) => part.length > 20);
    for (const part of quoted) expect(String(refusal)).not.toContain(part);
  });
});

describe('portal links', () => {
  it('lead to one district until they expire or are revoked, and are kept as hashes', async () => {
    const token = await mintLink(test.db, district);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const opened = await openLink(test.db, token);
    expect(opened).toMatchObject({ state: 'open', district });
    const days =
      opened.state === 'open' ? (Date.parse(opened.expiresAt) - Date.now()) / 86_400_000 : 0;
    expect(Math.round(days)).toBe(30);
    expect(await openLink(test.db, token)).toEqual(opened);
    const kept = JSON.stringify(await test.db('rollcall.links').select());
    expect(kept).not.toContain(token);

    const old = await mintLink(test.db, district, -1);
    expect(await openLink(test.db, old)).toEqual({ state: 'expired' });
    expect(await revokeLinks(test.db, district)).toBe(1);
    expect(await openLink(test.db, token)).toEqual({ state: 'expired' });
    expect(await openLink(test.db, await mintLink(test.db, district))).toMatchObject({
      state: 'open',
    });
  });

  it('that nobody minted are unknown', async () => {
    const token = await mintLink(test.db, district);
    const forged = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    for (const text of [forged, '', 'x', `${token}\0`, `${token}x`]) {
      expect(await openLink(test.db, text)).toEqual({ state: 'unknown' });
    }
    await expect(mintLink(test.db, 'nowhere')).rejects.toMatchObject({ code: 'DISTRICT_UNKNOWN' });
  });
});

describe('notes', () => {
  it('are read by their own district only', async () => {
    const ref = await keepNote(test.db, district, 'the teachers\0 are missing');
    expect(ref).toMatch(/^note\/[0-9a-f-]{36}$/);
    expect(await readNote(test.db, district, ref)).toBe('the teachers are missing');
    const other = await newDistrict(test.db);
    expect(await readNote(test.db, other.id, ref)).toBeNull();
    expect(await readNote(test.db, district, 'note/1')).toBeNull();
    expect(await readNote(test.db, district, 'free text')).toBeNull();
  });
});
