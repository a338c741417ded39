import type { CommandSpec } from '../command.js';
import { block } from '../block.js';
import type { Io } from '../io.js';
import { addresses, onStack } from './on-stack.js';
import type { StackFile } from '../../../config/stack-file.js';

export const up: CommandSpec = {
  name: 'up',
  summary: 'start all parts here: Temporal, Postgres, SFTP, mailbox, worker, portal',
  about:
    'Runs until Ctrl-C. State is kept in ROLLCALL_HOME (default .rollcall); the next start carries on with it. DATABASE_URL, TEMPORAL_ADDRESS, SFTP_URL and SMTP_URL each put a real part in place of ours.',
  examples: ['up', 'up --json'],
  async run(run) {
    const { io } = run;
    await onStack(run, async ({ file, mails }, asked) => {
      const { untilAsked } = await import('../../../dev/with-stack.js');
      io.answer(addresses(file));
      io.say(shown(io, file, mails));
      await untilAsked(asked);
    });
  },
};

function shown(io: Io, file: StackFile, mails: string | null): string {
  const { portal, temporal, temporalUi, sftp, home } = file;
  const facts = block(io, [
    ['portal', portal],
    ['mails sent', mails],
    ['Temporal UI', temporalUi],
    ['Temporal', temporal],
    ['SFTP', `${sftp.host}:${sftp.port} (${sftp.hostKey})`],
    ['state', home],
  ]);
  return `${io.paint('bold', 'Rollcall is up.')} Ctrl-C stops it.\n${facts}\n\nNext, in another terminal: npx rollcall district add --help`;
}
