import { argument, DISTRICT, type CommandSpec, type Exit } from '../command.js';
import { outcomeLine } from '../run-words.js';
import type { Outcome } from '../../../workflows/contract.js';

/** Of the outcome, so that a script can go by it. */
const STATUS: Readonly<Record<Outcome, Exit>> = {
  applied: 0,
  unchanged: 0,
  held: 1,
  rejected: 1,
  refused: 1,
  failed: 3,
};

export const sync: CommandSpec = {
  name: 'sync',
  summary: 'sync now',
  about:
    'With --wait: follows the run; status 0 if it was applied or nothing had changed, 1 if it is held, rejected or refused, 3 if it failed. A held run is not waited for.',
  args: [DISTRICT],
  options: [{ flags: '--wait', about: 'follow it until it ends or is held' }],
  examples: ['sync maple-valley --wait'],
  async run(run) {
    const { io } = run;
    const { rollcall } = await run.open();
    const id = argument(run);
    const wait = run.options.flag('wait');
    const synced = await rollcall.sync(id, {
      wait,
      onProgress: (line) => io.progress(`${id}: ${line}`),
    });
    io.progress(null);
    const { result, record, workflowId } = synced;
    if (!result) {
      io.answer({ district: id, workflowId });
      return io.say(`The sync of ${id} has started: npx rollcall runs ${id}`);
    }
    const { file = null, startedAt = null, endedAt = null } = record ?? {};
    io.answer({ ...record, ...result, file, startedAt, endedAt, district: id, workflowId });
    io.say(outcomeLine(io, id, result, record));
    return STATUS[result.outcome];
  },
};
