import path from 'node:path';
import type { CommandSpec } from '../command.js';
import { block } from '../block.js';
import { addresses, onStack } from './on-stack.js';
import { usage } from '../../errors.js';
import type { OwnFile } from '../../../dev/demo/own-file.js';

export const demo: CommandSpec = {
  name: 'demo',
  summary: 'carry a sample district through its whole onboarding and two nights',
  about: 'Starts all parts as `up` does, says each step, and stays up until Ctrl-C.',
  options: [
    { flags: '--file <roster.csv>', about: 'your own roster file, not the sample district’s' },
    { flags: '--exit', about: 'stop all parts at the end' },
  ],
  examples: ['demo', 'demo --exit', 'demo --file my-roster.csv'],
  async run(run) {
    const { io, cwd, options } = run;
    const own = await ownFile(cwd, options.text('file'));
    let carriedOut = false;
    await onStack(run, async (stack, asked) => {
      const { runDemo } = await import('../../../dev/demo/index.js');
      const { untilAsked } = await import('../../../dev/with-stack.js');
      const { rollcall } = await run.open();
      const { portal, temporalUi, mailFolder } = stack.file;
      const carried = runDemo({
        ...(own === undefined ? {} : { own }),
        rollcall,
        mailFolder,
        // Standard output holds the answer alone; with --json the steps are beside it.
        say: io.json ? io.remark : io.say,
      });
      const result = await Promise.race([carried, untilAsked(asked)]);
      if (!result) return;
      carriedOut = true;
      const { table, ...told } = result;
      io.answer({ ...told, stack: addresses(stack.file) });
      io.say(`\n${table}\n`);
      if (options.flag('exit')) return;
      io.say(
        block(io, [
          ['portal', portal],
          ['mails sent', stack.mails],
          ['Temporal UI', temporalUi],
        ]),
      );
      io.say('\nAll parts stay up; Ctrl-C stops them.');
      await untilAsked(asked);
    });
    // With --exit somebody, a script say, waits for the result: to have been stopped is none.
    return options.flag('exit') && !carriedOut ? 1 : 0;
  },
};

/** Read before anything starts, so that a wrong file is heard of at once. */
async function ownFile(cwd: string, name: string | undefined): Promise<OwnFile | undefined> {
  if (name === undefined) return undefined;
  const { stat } = await import('node:fs/promises');
  const file = path.resolve(cwd, name);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile())
    throw usage('NO_FILE', '--file: there is no such file; give the path of a roster file as CSV.');
  const { readOwnFile } = await import('../../../dev/demo/own-file.js');
  const own = await readOwnFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw usage('UNREADABLE', `--file: the file cannot be read (${error.code}).`);
  });
  if ('problem' in own) throw usage('UNUSABLE_FILE', `--file: ${own.problem}`);
  return own;
}
