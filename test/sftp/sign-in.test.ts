import ssh2 from 'ssh2';
import type { ConnectConfig, ParsedKey } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeyPair } from '../../dev/sftp-server/host-key.js';
import { addKey } from '../../store/config/access.js';
import { connect } from '../../store/db.js';
import { testDatabase } from '../support/postgres.js';
import type { TestDatabase } from '../support/postgres.js';
import { startTestSftp } from '../support/sftp.js';
import type { TestSftp } from '../support/sftp.js';
import { within } from '../support/wait.js';

let database: TestDatabase;
let server: TestSftp;
let maple: { username: string; password: string };

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestSftp(database.db);
  maple = await server.addDistrict('maple-valley');
});
afterAll(async () => {
  await server?.stop();
  await database?.drop();
});

/** Whether the server lets it in. */
async function isLetIn(options: ConnectConfig, to = server): Promise<boolean> {
  const client = new ssh2.Client();
  const answer = new Promise<boolean>((resolve) => {
    client.once('ready', () => resolve(true));
    client.on('error', () => resolve(false)).once('close', () => resolve(false));
  });
  client.connect({ host: '127.0.0.1', port: to.server.port, ...options });
  try {
    return await within('signing in ends', answer, 15_000);
  } finally {
    client.destroy();
  }
}

/** Shows one key and signs in any way that it likes. */
class Forger extends ssh2.BaseAgent {
  private readonly shown: ParsedKey;
  private readonly signature: (data: Buffer) => Buffer;
  signed = 0;
  constructor(shown: ParsedKey, signature: (data: Buffer) => Buffer) {
    super();
    this.shown = shown;
    this.signature = signature;
  }
  override getIdentities(done: (error: Error | undefined, keys: ParsedKey[]) => void): void {
    done(undefined, [this.shown]);
  }
  override sign(_key: unknown, data: Buffer, ...rest: unknown[]): void {
    this.signed += 1;
    const done = rest.find((one) => typeof one === 'function');
    done?.(undefined, this.signature(data));
  }
}

function parsed(key: string): ParsedKey {
  const result = ssh2.utils.parseKey(key);
  if (result instanceof Error) throw result;
  return result;
}

describe('a key', () => {
  it('lets in by its own signature, and by no other', async () => {
    const mine = makeKeyPair();
    const other = parsed(makeKeyPair().private);
    await addKey(database.db, 'maple-valley', mine.public);
    const own = parsed(mine.private);
    const known = parsed(mine.public);
    const username = 'maple-valley';
    const attempts: [boolean, (data: Buffer) => Buffer][] = [
      [true, (data) => own.sign(data)],
      [false, (data) => other.sign(data)],
      [false, () => own.sign('something else')],
      [false, () => Buffer.alloc(64)],
      [false, () => Buffer.alloc(3)],
      [false, () => Buffer.alloc(0)],
    ];
    for (const [expected, signature] of attempts) {
      const agent = new Forger(known, signature);
      expect(await isLetIn({ username, agent })).toBe(expected);
      // The key was accepted as far as that; so it was the signature that decided.
      expect(agent.signed).toBe(1);
    }
  });

  it('lets in one district alone', async () => {
    await server.addDistrict('oak-hill');
    const key = makeKeyPair();
    await addKey(database.db, 'maple-valley', key.public);
    expect(await isLetIn({ username: 'maple-valley', privateKey: key.private })).toBe(true);
    expect(await isLetIn({ username: 'oak-hill', privateKey: key.private })).toBe(false);
    expect(await isLetIn({ username: 'maple-valley\0', privateKey: key.private })).toBe(false);
    const { username } = server.service;
    expect(await isLetIn({ username, privateKey: key.private })).toBe(false);
  });
});

describe('a password', () => {
  it('belongs to one account', async () => {
    expect(await isLetIn(maple)).toBe(true);
    expect(await isLetIn(server.service)).toBe(true);
    for (const wrong of [
      { ...maple, password: '' },
      { ...maple, password: `${maple.password} ` },
      { ...maple, password: server.service.password },
      { ...server.service, password: maple.password },
      { ...server.service, password: '' },
      { username: 'MAPLE-VALLEY', password: maple.password },
      { username: '', password: maple.password },
    ]) {
      expect(await isLetIn(wrong)).toBe(false);
    }
  });

  it('is refused while the accounts cannot be read, and the log has a code alone', async () => {
    const gone = connect('postgres://nobody:a-password@127.0.0.1:1/none');
    const blind = await startTestSftp(gone);
    expect(await isLetIn(maple, blind)).toBe(false);
    expect(blind.log).toContainEqual(
      expect.stringMatching(/^sftp: sign-in could not be checked \([A-Z0-9_]+\)$/),
    );
    expect(await isLetIn(blind.service, blind)).toBe(true);
    await blind.stop();
    await gone.destroy();
  });

  it('leaves nothing in the log but the district', async () => {
    const said = server.log.join('\n');
    expect(said).toContain('sftp: signed in by password: maple-valley');
    expect(said).not.toContain(maple.password);
    expect(said).not.toContain(server.service.password);
    expect(said).not.toContain('MAPLE-VALLEY');
  });
});
