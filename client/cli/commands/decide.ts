import { scopeLine } from '../part-words.js';
import type { WantedPart } from '../../types.js';
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

const PARTS: readonly OptionSpec[] = [
  {
    flags: '--without-school <school_id>',
    about: 'leave this school as it is; may be repeated',
    repeated: true,
  },
  { flags: '--without-held-schools', about: 'leave the schools as they are that are over a limit' },
  {
    flags: '--additions-only',
    about: 'only what is new or comes back: nobody is removed, nobody’s values change',
  },
];

function partOf({ options }: Run): WantedPart {
  const withoutSchools = options.list('withoutSchool');
  return {
    ...(withoutSchools && { withoutSchools }),
    ...(options.flag('withoutHeldSchools') && { withoutHeldSchools: true }),
    ...(options.flag('additionsOnly') && { additionsOnly: true }),
  };
}

export const approve: CommandSpec = {
  name: 'approve',
  summary: 'approve the plan that waits, or a part of it',
  about:
    'Of the test sync, or of a sync that is held. Look at it with `plan` first, which says what each of these would do. What is left out stays as it is and is held as a plan of its own, until you approve or reject that or a newer file comes.',
  args: [DISTRICT],
  options: [PLAN, ...PARTS, BY],
  examples: [
    'approve maple-valley',
    'approve maple-valley --plan 3f9c0d12',
    'approve maple-valley --without-school 0012 --without-school 0015',
    'approve maple-valley --without-held-schools',
    'approve maple-valley --additions-only',
  ],
  async run(run) {
    const { rollcall } = await run.open();
    const id = argument(run);
    const decided = await rollcall.approve(id, { ...byOf(run), ...planOf(run), ...partOf(run) });
    run.io.answer(decided);
    const { planHash, scope } = decided;
    const part = scope === null ? '' : ` (${scopeLine(scope)})`;
    const rest = scope === null ? '' : ' What is left out is held then.';
    run.io.say(
      `Plan ${planHash.slice(0, 12)} of run ${decided.run} is approved${part} and is applied next: npx rollcall status ${id}.${rest}`,
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
