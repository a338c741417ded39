import { argument, BY, byOf, DISTRICT, type CommandSpec } from '../command.js';
import { moment } from '../text.js';

export const pause: CommandSpec = {
  name: 'pause',
  summary: 'stop the nightly sync for now',
  about: '`sync` still works by hand.',
  args: [DISTRICT],
  options: [BY],
  examples: ['pause maple-valley'],
  async run(run) {
    const { rollcall } = await run.open();
    const paused = await rollcall.pause(argument(run), byOf(run));
    run.io.answer(paused);
    const { district, changed } = paused;
    run.io.say(
      `The nightly sync of ${district} ${changed ? 'is paused' : 'was paused already'}: npx rollcall resume ${district}`,
    );
  },
};

export const resume: CommandSpec = {
  name: 'resume',
  summary: 'let the nightly sync go on',
  args: [DISTRICT],
  options: [BY],
  examples: ['resume maple-valley'],
  async run(run) {
    const { rollcall } = await run.open();
    const resumed = await rollcall.resume(argument(run), byOf(run));
    run.io.answer(resumed);
    const { district, changed, nextSync } = resumed;
    run.io.say(
      `The nightly sync of ${district} ${changed ? 'goes on' : 'was not paused'}; next ${moment(nextSync)}.`,
    );
  },
};
