import path from 'node:path';
import type { CommandSpec } from '../command.js';
import { block } from '../block.js';
import { addresses, onStack } from './on-stack.js';
import { usage } from '../../errors.js';

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
    const file = await ownFile(cwd, options.text('file'));
    await onStack(run, async (stack, asked) => {
      const { runDemo } = await import('../../../dev/demo/index.js');
      const { untilAsked } = await import('../../../dev/with-stack.js');
      const { rollcall } = await run.open();
      const { portal, temporalUi, mailFolder } = stack.file;
      const carried = runDemo({
        ...(file === undefined ? {} : { file }),
        rollcall,
        mailFolder,
        // Standard output holds the answer alone; with --json the steps are beside it.
        say: io.json ? io.remark : io.say,
      });
      const result = await Promise.race([carried, untilAsked(asked)]);
      if (!result) return;
      const { table, ...told } = result;
      io.answer({ ...told, stack: addresses(stack.file) });
      io.say(`\n${table}\n`);
      if (options.flag('exit')) return;
      io.say(
        block(io, [
          ['portal', portal],
          ['mails sent', mailFolder === null ? null : `${portal}/dev/mails`],
          ['Temporal UI', temporalUi],
        ]),
      );
      io.say('\nAll parts stay up; Ctrl-C stops them.');
      await untilAsked(asked);
    });
  },
};

async function ownFile(cwd: string, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const { stat } = await import('node:fs/promises');
  const file = path.resolve(cwd, name);
  const found = await stat(file).catch(() => null);
  if (found?.isFile()) return file;
  throw usage('NO_FILE', '--file: there is no such file; give the path of a roster file as CSV.');
}
