import { argument, BY, byOf, DISTRICT, type CommandSpec, type Run } from '../command.js';
import type { Rollcall, Signalled } from '../../types.js';

const told = async (
  run: Run,
  tell: (rollcall: Rollcall, id: string) => Promise<Signalled>,
  line: (id: string) => string,
): Promise<void> => {
  const { rollcall } = await run.open();
  const signalled = await tell(rollcall, argument(run));
  run.io.answer(signalled);
  run.io.say(line(signalled.district));
};

export const uploaded: CommandSpec = {
  name: 'uploaded',
  summary: 'say that the roster file is uploaded',
  about: 'Need not be said: the folder is watched. It only saves the wait.',
  args: [DISTRICT],
  options: [BY],
  examples: ['uploaded maple-valley'],
  run: (run) =>
    told(
      run,
      (rollcall, id) => rollcall.uploaded(id, byOf(run)),
      (id) => `Told. The file is fetched and read next: npx rollcall status ${id}`,
    ),
};

export const loginsOk: CommandSpec = {
  name: 'logins-ok',
  summary: 'say that the sample logins work',
  args: [DISTRICT],
  options: [BY],
  examples: ['logins-ok maple-valley'],
  run: (run) =>
    told(
      run,
      (rollcall, id) => rollcall.loginsOk(id, byOf(run)),
      (id) => `Told. ${id} goes live: npx rollcall status ${id}`,
    ),
};

export const loginsFailed: CommandSpec = {
  name: 'logins-failed',
  summary: 'say that the sample logins do not work, and why',
  args: [DISTRICT],
  options: [
    { flags: '--reason <text>', about: 'what happened; kept in the store', required: true },
    BY,
  ],
  examples: ['logins-failed maple-valley --reason "The teachers see no classes"'],
  run: (run) =>
    told(
      run,
      (rollcall, id) =>
        rollcall.loginsFailed(id, { ...byOf(run), reason: run.options.text('reason') ?? '' }),
      (id) => `Told. Support looks into it: npx rollcall status ${id}`,
    ),
};
