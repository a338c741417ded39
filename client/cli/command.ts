/** How one command is defined, and the frame that each one runs in. */
import { Argument, Option, type Command } from 'commander';
import { createIo, type Input, type Io, type Output } from './io.js';
import type { OpenRollcall } from '../connect.js';

/** 0 done, 1 the answer is no, 2 usage or unreadable, 3 something is down. */
export type Exit = 0 | 1 | 2 | 3;

export interface Run {
  readonly io: Io;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Arguments by their place, options by their name in camel case. */
  readonly args: readonly string[];
  readonly options: Options;
  /** Opens the store and, when it is needed, Temporal; closed when the command ends. */
  readonly open: () => Promise<OpenRollcall>;
}
export interface Options {
  text(name: string): string | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[] | undefined;
}

export interface CommandSpec {
  /** `sync`, or `district add` below a group. */
  readonly name: string;
  readonly summary: string;
  /** More words for `--help`. */
  readonly about?: string;
  /** Arguments as commander writes them, with their descriptions. */
  readonly args?: readonly (readonly [string, string])[];
  readonly options?: readonly OptionSpec[];
  /** Without `npx rollcall`. */
  readonly examples: readonly string[];
  run(run: Run): Promise<Exit | void>;
}
export interface OptionSpec {
  readonly flags: string;
  readonly about: string;
  readonly required?: boolean;
  /** May be given more than once. */
  readonly repeated?: boolean;
}

/** What the process hands in; tests hand in their own. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Without it nobody can be asked anything. */
  readonly stdin?: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  done(exit: Exit): void;
}

export function addCommand(parent: Command, spec: CommandSpec, around: Surroundings): void {
  const command = parent.command(spec.name).summary(spec.summary);
  command.description(spec.about ? `${spec.summary}\n\n${spec.about}` : spec.summary);
  for (const [name, about] of spec.args ?? []) command.addArgument(new Argument(name, about));
  for (const option of spec.options ?? []) command.addOption(toOption(option));
  command.option('--json', 'answer with one line of JSON');
  const examples = spec.examples.map((line) => `  $ npx rollcall ${line}`).join('\n');
  command.addHelpText('after', `\nExample:\n${examples}`);
  command.action(async () => {
    around.done((await runCommand(spec, command, around)) ?? 0);
  });
}

function toOption({ flags, about, required, repeated }: OptionSpec): Option {
  const option = new Option(flags, about).makeOptionMandatory(required ?? false);
  return repeated ? option.argParser((one, all?: string[]) => [...(all ?? []), one]) : option;
}

async function runCommand(
  spec: CommandSpec,
  command: Command,
  around: Surroundings,
): Promise<Exit | void> {
  const values = command.opts<Record<string, unknown>>();
  const io = createIo(around, around.env, values['json'] === true);
  let opened: Promise<OpenRollcall> | undefined;
  const open = () =>
    (opened ??= import('../connect.js').then(({ openRollcall }) =>
      openRollcall(around.env, around.cwd),
    ));
  try {
    const { env, cwd } = around;
    return await spec.run({ io, env, cwd, args: command.args, options: readers(values), open });
  } finally {
    io.progress(null);
    await (await opened?.catch(() => undefined))?.close();
  }
}

function readers(values: Readonly<Record<string, unknown>>): Options {
  return {
    text(name) {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    flag: (name) => values[name] === true,
    list(name) {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : undefined;
    },
  };
}

/** The district's id: the first argument of nearly every command. */
export const DISTRICT: readonly [string, string] = [
  '<id>',
  'the district, for example maple-valley',
];
export const BY: OptionSpec = {
  flags: '--by <id>',
  about: 'who says so: an id that may stand in the history (default: cli)',
};
/** Arguments that commander has made sure of. */
export const argument = ({ args }: Run, at = 0): string => args[at] ?? '';
/** For verbs that take `{ by? }`. */
export function byOf({ options }: Run): { readonly by?: string } {
  const by = options.text('by');
  return by === undefined ? {} : { by };
}
