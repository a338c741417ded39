import {
  argument,
  BY,
  byOf,
  DISTRICT,
  type CommandSpec,
  type OptionSpec,
  type Run,
} from '../command.js';

const PLAN: OptionSpec = {
  flags: '--plan <hash>',
  about: 'only if this is the plan that waits; its first 8 signs are enough',
};

const planOf = ({ options }: Run): { readonly planHash?: string } => {
  const planHash = options.text('plan');
  return planHash === undefined ? {} : { planHash };
};

export const approve: CommandSpec = {
  name: 'approve',
  summary: 'approve the plan that waits',
  about: 'Of the test sync, or of a sync that is held. Look at it with `plan` first.',
  args: [DISTRICT],
  options: [PLAN, BY],
  examples: ['approve maple-valley', 'approve maple-valley --plan 3f9c0d12'],
  async run(run) {
    const { rollcall } = await run.open();
    const id = argument(run);
    const decided = await rollcall.approve(id, { ...byOf(run), ...planOf(run) });
    run.io.answer(decided);
    run.io.say(
      `Plan ${decided.planHash.slice(0, 12)} of run ${decided.run} is approved and is applied next: npx rollcall status ${id}`,
    );
  },
};

export const reject: CommandSpec = {
  name: 'reject',
  summary: 'reject the plan that waits, and say why',
  about: 'Nothing of it is applied. In an onboarding the district gets the reason by mail.',
  args: [DISTRICT],
  options: [
    { flags: '--reason <text>', about: 'why; kept in the store', required: true },
    PLAN,
    BY,
  ],
  examples: ['reject maple-valley --reason "The middle school is missing"'],
  async run(run) {
    const { rollcall } = await run.open();
    const id = argument(run);
    const reason = run.options.text('reason') ?? '';
    const decided = await rollcall.reject(id, { ...byOf(run), ...planOf(run), reason });
    run.io.answer(decided);
    run.io.say(`Plan ${decided.planHash.slice(0, 12)} of run ${decided.run} is rejected.`);
  },
};
