import { argument, DISTRICT, type CommandSpec } from '../command.js';
import type { Onboarded } from '../../types.js';

const SAID: Readonly<Record<Onboarded['state'], (id: string) => string>> = {
  started: (id) => `${id} is being invited. See how it goes: npx rollcall status ${id}`,
  running: (id) => `The onboarding of ${id} is under way already: npx rollcall status ${id}`,
  live: (id) => `${id} is live already: npx rollcall status ${id}`,
};

export const onboard: CommandSpec = {
  name: 'onboard',
  summary: 'start the onboarding of a district',
  about: 'Safe to repeat: one that is under way or done is left as it is.',
  args: [DISTRICT],
  examples: ['onboard maple-valley'],
  async run(run) {
    const { rollcall } = await run.open();
    const onboarded = await rollcall.onboard(argument(run));
    run.io.answer(onboarded);
    run.io.say(SAID[onboarded.state](onboarded.district));
  },
};
