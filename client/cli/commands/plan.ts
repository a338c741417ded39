import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { block } from '../block.js';
import type { Io } from '../io.js';
import { readCount } from '../read-count.js';
import { clean, count, many, moment } from '../text.js';
import type { PlanRecord } from '../../../store/types.js';
import { heldBlock, seatsLine } from '../held-words.js';
import { decisionBlock, partLine, restLine } from '../part-words.js';
import type { Kind } from '../../../workflows/contract.js';

export const plan: CommandSpec = {
  name: 'plan',
  summary: 'show what a run would change, or changed',
  about: 'Without RUN: the newest plan. What is approved is this plan and nothing else.',
  args: [DISTRICT, ['[run]', 'the number of the run; `runs` lists them']],
  options: [{ flags: '--left', about: 'of an undo: list each value that it left as it is' }],
  examples: ['plan maple-valley', 'plan maple-valley 3 --json'],
  async run(run) {
    const { io } = run;
    const id = argument(run);
    const number = readCount(run.args[1], 'RUN');
    const { rollcall } = await run.open();
    const found = await rollcall.plan(id, number);
    const left =
      found.undo && run.options.flag('left') ? await rollcall.leftBy(id, found.run) : null;
    const questions = await rollcall.questions(id, found.run);
    io.answer({ ...found, questions, ...(left && { leftValues: left }) });
    if (io.json) return;
    const { changesTable, schoolsTable } = await import('../change-tables.js');
    io.say(head(io, id, found));
    for (const part of heldBlock(io, id, found)) io.say(`\n${part}`);
    const { questionsBlock } = await import('../question-words.js');
    const who = questionsBlock(io, id, found, questions);
    if (who !== '') io.say(`\n${who}`);
    if (found.state === 'waiting' && found.answersSince === 0)
      io.say(`\n${decisionBlock(io, id, found)}`);
    const kept = {
      title: 'kept though absent',
      of: ({ kind }: { kind: Kind }) => count(found.kept[kind]),
      right: true,
    };
    io.say(`\n${changesTable(io, found.changes, found.undo ? [] : [kept])}`);
    const schools = schoolsTable(io, found.bySchool);
    if (schools !== '') io.say(`\n${schools}`);
    if (!found.undo) return;
    const { leftLines, leftTable } = await import('../left-words.js');
    const table = leftTable(io, found.undo.left);
    if (table !== '') io.say(`\n${table}`);
    if (left) io.say(`\n${leftLines(io, left)}`);
  },
};

/** Null if nothing has another address or id. */
function renamedLine(renamed: PlanRecord['renamed']): string | null {
  const parts = [
    renamed.students > 0 ? many(renamed.students, 'student') : null,
    renamed.teachers > 0 ? many(renamed.teachers, 'teacher') : null,
    renamed.classes > 0 ? many(renamed.classes, 'class', 'classes') : null,
    renamed.schools > 0 ? many(renamed.schools, 'school') : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return `${parts.join(', ')} with another address or id, taken for the same`;
}

function head(io: Io, id: string, plan: PlanRecord): string {
  const { run, hash, state, held, seats, undo, ...rest } = plan;
  const facts = block(io, [
    [
      'state',
      `${state}${rest.closedBy ? ` by ${clean(rest.closedBy)}` : ''}${rest.closedAt ? `, ${moment(rest.closedAt)}` : ''}`,
    ],
    ['undoes', undo && `run ${undo.run}`],
    ['plan', hash],
    ['a part', partLine(plan)],
    ['the rest', restLine(id, plan)],
    ['seats', seatsLine(io, seats)],
    ['other keys', renamedLine(rest.renamed)],
    [
      'purged since',
      rest.purged > 0 ? `${many(rest.purged, 'change')}, which cannot be told or put back` : null,
    ],
    ['held', held.length > 0 ? io.paint('yellow', many(held.length, 'limit')) : null],
  ]);
  return `${io.paint('bold', `Plan of run ${run}`)} of ${id}, made ${moment(rest.madeAt)}\n${facts}`;
}
