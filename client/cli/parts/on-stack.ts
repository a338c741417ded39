/** Runs a command on a stack of its own, and says in our way what went wrong with the stack. */
import type { Run } from '../command.js';
import { down, refused, RollcallError } from '../../errors.js';
import type { StackFile } from '../../../config/stack-file.js';
import type { Stack } from '../../../dev/stack.js';

/** `use` ends when its work is done or `asked` aborts (Ctrl-C, `kill`); the stack is stopped then. */
export async function onStack(
  run: Run,
  use: (stack: Stack, asked: AbortSignal) => Promise<void>,
): Promise<void> {
  const { withStack } = await import('../../../dev/with-stack.js');
  const { env, cwd, io } = run;
  try {
    await withStack({ env, cwd, say: io.remark }, use);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // To be stopped is how these commands end.
    if (error.name === 'Interrupted') return;
    if (error instanceof RollcallError || error.name === 'ConfigError') throw error;
    if (error.name === 'HomeInUse') throw refused('HOME_IN_USE', error.message);
    if (error.constructor === Error) throw down('PART_FAILED', error.message);
    throw error;
  }
}

/** What other programs need to find the parts. */
export function addresses(file: StackFile) {
  const { portal, temporal, temporalUi, database, smtp, mailFolder, sftp } = file;
  const { host, port, hostKey } = sftp;
  return {
    portal,
    temporal,
    temporalUi,
    database,
    smtp,
    mailFolder,
    sftp: { host, port, hostKey },
  };
}
