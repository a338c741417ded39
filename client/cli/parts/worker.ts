import type { CommandSpec } from '../command.js';
import { untilStopped } from './until-stopped.js';

export const worker: CommandSpec = {
  name: 'worker',
  summary: 'run a worker',
  about: 'Takes its settings from the environment. Ends in good order on Ctrl-C and SIGTERM.',
  examples: ['worker'],
  async run({ io, env, cwd }) {
    const { forWorker, readSettingsAndVendor } = await import('../../../config/everything.js');
    const { settings, vendor } = await readSettingsAndVendor(env, cwd);
    forWorker(settings); // before Temporal is asked
    const { temporalIsDown } = await import('./temporal-down.js');
    await untilStopped(async (stopping) => {
      const { startWorker } = await import('../../../worker/main.js');
      const running = await temporalIsDown(env, settings, () =>
        startWorker({ settings, vendor, env }),
      );
      if (!stopping()) {
        io.answer({ worker: 'running', taskQueue: 'rollcall' });
        io.say('The worker runs; Ctrl-C stops it.');
      }
      return running;
    });
  },
};
