/** `npx rollcall …`: reads the command line, runs one command, answers with its exit status. */
import { CommanderError } from 'commander';
import type { Exit, Surroundings } from './command.js';
import { failureOf, tell } from './failure.js';
import { createProgram } from './program.js';
import { toJson } from './text.js';

/** Everything of the process that a command touches; a test hands in its own. */
export type Process = Omit<Surroundings, 'done'>;

const ours = (): Process => {
  const { stdin, stdout, stderr, env } = process;
  // `rollcall report … | head` is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  return { stdin, stdout, stderr, env, cwd: process.cwd() };
};

/** @param argv what stands behind `rollcall`. Nothing ends the process here; status 0 to 3. */
export async function main(argv: readonly string[], around: Process = ours()): Promise<Exit> {
  let exit: Exit = 0;
  const program = createProgram({
    ...around,
    done: (status) => {
      exit = status;
    },
  });
  const json = argv.includes('--json');
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return ofCommander(error, json, around);
    const failure = failureOf(error, around.env['LOG_LEVEL'] === 'debug');
    tell(failure, json, around);
    return failure.exit;
  }
}

/** Help and version are answers; the rest is usage. Commander itself has written to stderr. */
function ofCommander(
  { exitCode, message }: CommanderError,
  json: boolean,
  { stdout }: Process,
): Exit {
  if (exitCode === 0) return 0;
  if (json) {
    // Commander's own words for "no command" are the name of one of its events.
    const line = /^\(.*\)$/.test(message)
      ? 'Give a command; --help lists them.'
      : message.replace(/^error: /, '');
    stdout.write(`${toJson({ error: { code: 'USAGE', message: line } })}\n`);
  }
  return 2;
}
