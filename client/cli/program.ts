import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../../config/package-root.js';
import { addCommand, type CommandSpec, type Surroundings } from './command.js';
import { check } from './commands/check.js';
import { credentials } from './commands/credentials.js';
import { districtAdd } from './commands/district-add.js';
import { districtList } from './commands/district-list.js';
import { districtSet } from './commands/district-set.js';
import { districtShow } from './commands/district-show.js';
import { housekeeping } from './commands/housekeeping.js';
import { filter } from './commands/filter.js';
import { link } from './commands/link.js';
import { onboard } from './commands/onboard.js';
import { plan } from './commands/plan.js';
import { report } from './commands/report.js';
import { runs } from './commands/runs.js';
import { pause, resume } from './commands/pause.js';
import { approve, reject } from './commands/decide.js';
import { loginsFailed, loginsOk, uploaded } from './commands/signals.js';
import { status } from './commands/status.js';
import { sync } from './commands/sync.js';
import { different, same } from './commands/same.js';
import { undo } from './commands/undo.js';
import { why } from './commands/why.js';
import { demo } from './parts/demo.js';
import { migrate } from './parts/migrate.js';
import { portal } from './parts/portal.js';
import { up } from './parts/up.js';
import { worker } from './parts/worker.js';

const GROUPS: readonly (readonly [string, readonly CommandSpec[]])[] = [
  ['To begin:', [up, demo, check]],
  [
    'From invitation to live:',
    [credentials, link, filter, onboard, status, uploaded, approve, reject, loginsOk, loginsFailed],
  ],
  [
    'Every night:',
    [sync, pause, resume, runs, plan, same, different, report, undo, why, housekeeping],
  ],
  ['Parts alone, for production:', [worker, portal, migrate]],
];
const DISTRICT: readonly CommandSpec[] = [districtAdd, districtSet, districtList, districtShow];

export function createProgram(around: Surroundings): Command {
  const program = new Command('rollcall')
    .description('Carries a school district from its first roster file to a sync every night.')
    .usage('<command> [options]')
    .helpCommand(false)
    .version(version(), '-V, --version', 'print the version')
    .addHelpText(
      'after',
      '\nSee one command: npx rollcall <command> --help. Exit status: 0 done, 1 the answer is no, 2 usage or unreadable, 3 something is down.',
    );
  for (const [title, specs] of GROUPS) {
    program.commandsGroup(title);
    if (specs.includes(credentials)) addDistrict(program, around);
    for (const spec of specs) addCommand(program, spec, around);
  }
  strict(program, around);
  return program;
}

function addDistrict(program: Command, around: Surroundings): void {
  const district = program.command('district').description('add, set, list or show districts');
  for (const spec of DISTRICT) addCommand(district, spec, around);
}

/** Commander would end the process with status 1 on a usage error; ours is 2, and set in main.ts. */
function strict(command: Command, around: Surroundings): void {
  const name = command.parent ? `${pathOf(command)} --help` : '--help';
  command.exitOverride().showSuggestionAfterError().allowExcessArguments(false);
  command.configureOutput({
    writeOut: (text) => around.stdout.write(text),
    writeErr: (text) => around.stderr.write(text),
    // One line, as everywhere: what is wrong, what was perhaps meant, where to look.
    outputError: (text, write) => {
      const [wrong = '', ...rest] = text.trim().split('\n');
      const what = wrong.replace(/^error: /, '').replace(/\.+$/, '');
      const line = [`${what}.`, ...rest, `See npx rollcall ${name}`];
      write(`${line.join(' ')}\n`);
    },
  });
  for (const sub of command.commands) strict(sub, around);
}

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

function version(): string {
  const file = path.join(packageRoot(), 'package.json');
  const { version: number } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return number;
}
