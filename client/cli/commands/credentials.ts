import path from 'node:path';
import { argument, DISTRICT, type CommandSpec, type Run } from '../command.js';
import { block } from '../block.js';
import { clean } from '../text.js';
import { usage } from '../../errors.js';
import type { AcceptedKey, Credentials } from '../../types.js';

export const credentials: CommandSpec = {
  name: 'credentials',
  summary: 'make a new SFTP password, or accept a public key',
  about: 'The password is shown once and kept only as a hash; the one before it ends.',
  args: [DISTRICT],
  options: [
    { flags: '--key <file>', about: 'accept this OpenSSH public key (a .pub file) instead' },
  ],
  examples: ['credentials maple-valley', 'credentials maple-valley --key ~/.ssh/id_ed25519.pub'],
  async run(run) {
    const file = run.options.text('key');
    const key = file === undefined ? undefined : await readKey(run, file);
    const { rollcall } = await run.open();
    const id = argument(run);
    const made: Credentials | AcceptedKey =
      key === undefined ? await rollcall.newPassword(id) : await rollcall.acceptKey(id, key);
    run.io.answer(made);
    run.io.say(shown(run, made));
  },
};

function shown({ io }: Run, made: Credentials | AcceptedKey): string {
  const facts = block(io, [
    ['host', made.host],
    ['port', String(made.port)],
    ['user', made.username],
    ['password', made.password],
    ['key', 'fingerprint' in made ? made.fingerprint : null],
    ['upload to', clean(made.path)],
    ['host key', made.hostKey],
  ]);
  const note =
    made.password === null
      ? 'The key is accepted.'
      : 'The password is shown this once: hand it on by a safe way. The one before it ends.';
  return `${facts}\n\n${note}`;
}

/** Larger than any public key; a private key or a wrong file is not read whole into memory. */
const LARGEST_KEY = 64 * 1024;

async function readKey({ cwd }: Run, name: string): Promise<string> {
  const { open } = await import('node:fs/promises');
  const shownName = clean(name);
  try {
    const file = await open(path.resolve(cwd, name));
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LARGEST_KEY), 0, LARGEST_KEY, 0);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw usage(
      'KEY_UNREADABLE',
      `--key: ${shownName} cannot be read (${why}); give an OpenSSH public key file.`,
    );
  }
}
