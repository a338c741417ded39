import { argument, BY, byOf, DISTRICT, type CommandSpec, type Exit, type Run } from '../command.js';
import type { Io } from '../io.js';
import { outcomeLine } from '../run-words.js';
import { usage } from '../../errors.js';
import type { UndoPreview } from '../../../store/read/undo.js';
import type { Outcome } from '../../../workflows/contract.js';

const STATUS: Readonly<Record<Outcome, Exit>> = {
  applied: 0,
  unchanged: 0,
  held: 1,
  rejected: 1,
  refused: 1,
  failed: 3,
};

export const undo: CommandSpec = {
  name: 'undo',
  summary: 'put back what a run changed',
  about:
    'Also where later runs exist: what they changed again, or need, is left as it is and listed. An undo is a run of its own, with a plan, and can be undone. On a terminal it shows what it would do and asks; elsewhere it does not ask. The file of the undone run is not applied again by the next nights, until another one comes.',
  args: [DISTRICT, ['<run>', 'the number of the run; `runs` lists them']],
  options: [
    { flags: '--preview', about: 'only show what would be put back; changes nothing' },
    { flags: '--yes', about: 'do not ask' },
    BY,
  ],
  examples: ['undo maple-valley 3 --preview', 'undo maple-valley 3'],
  async run(run) {
    const { io, options } = run;
    const id = argument(run);
    const { readCount } = await import('../read-count.js');
    const number = readCount(argument(run, 1), 'RUN');
    if (number === undefined) throw usage('BAD_RUN', 'RUN: say which run is to be undone.');
    const { rollcall } = await run.open();
    const preview = await rollcall.previewUndo(id, number);
    const isPreview = options.flag('preview');
    if (isPreview) io.answer({ district: id, ...preview });
    if (!io.json && (isPreview || !options.flag('yes'))) await show(io, id, preview);
    if (isPreview) return 0;
    if (!options.flag('yes') && !(await io.confirm(`Undo run ${number} of ${id}?`))) {
      io.say('Nothing was changed.');
      return 1;
    }
    return start(run, id, preview);
  },
};

async function start(run: Run, id: string, { undoes, hash }: UndoPreview): Promise<Exit> {
  const { io } = run;
  const { rollcall } = await run.open();
  const { result, record, workflowId } = await rollcall.undo(id, undoes, {
    ...byOf(run),
    planHash: hash,
    onProgress: (line) => io.progress(`${id}: ${line}`),
  });
  io.progress(null);
  if (!result) return 0;
  const { startedAt = null, endedAt = null } = record ?? {};
  io.answer({ ...record, ...result, startedAt, endedAt, district: id, undoes, workflowId });
  io.say(outcomeLine(io, id, result, record));
  return STATUS[result.outcome];
}

async function show(io: Io, id: string, preview: UndoPreview): Promise<void> {
  const { changesTable, schoolsTable } = await import('../change-tables.js');
  const { leftLines, leftTable } = await import('../left-words.js');
  const { undoes, seats, changes, bySchool, left, leftValues, held, buffer } = preview;
  io.say(`${io.paint('bold', `Undoing run ${undoes}`)} of ${id} would put back:`);
  io.say(`\n${changesTable(io, changes)}`);
  const schools = schoolsTable(io, bySchool);
  if (schools !== '') io.say(`\n${schools}`);
  const table = leftTable(io, left);
  if (table !== '') io.say(`\n${table}\n\n${leftLines(io, leftValues)}`);
  const { seatsLine } = await import('../held-words.js');
  io.say(`\n  seats ${seatsLine(io, { ...seats, buffer })}`);
  if (held.length > 0) io.say(io.paint('yellow', '  it will be held until somebody approves it'));
  io.say();
}
