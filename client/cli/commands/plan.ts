import { argument, DISTRICT, type CommandSpec, type Run } from '../command.js';
import { block } from '../block.js';
import { heldBlock, seatsLine } from '../held-words.js';
import type { Io } from '../io.js';
import { decisionBlock, partLine, restLine } from '../part-words.js';
import { readCount } from '../read-count.js';
import { clean, count, many, moment } from '../text.js';
import { usage } from '../../errors.js';
import type { Rollcall } from '../../types.js';
import type { LineGroups } from '../../../store/read/plan-lines.js';
import type { Questions } from '../../../store/read/plan-questions.js';
import type { KeptLine, LeftValue, PlanLine, PlanRecord } from '../../../store/types.js';
import { outsideLine } from '../filter-words.js';
import type { Kind } from '../../../workflows/contract.js';

export const plan: CommandSpec = {
  name: 'plan',
  summary: 'show what a run would change, or changed',
  about:
    'Without RUN: the newest plan. What is approved is this plan and nothing else. Single changes are shown by school and kind, the first of each; names and addresses are in them: for your own eyes.',
  args: [DISTRICT, ['[run]', 'the number of the run; `runs` lists them']],
  options: [
    { flags: '--all', about: 'every single change, and everybody who was kept' },
    {
      flags: '--changes <kind>',
      about:
        'only changes of schools, teachers, classes, class-teachers, students or enrollments; may be repeated',
      repeated: true,
    },
    {
      flags: '--school <school_id>',
      about: 'only of this school; may be repeated',
      repeated: true,
    },
    { flags: '--csv <file>', about: 'also write every one of these changes to a CSV file' },
    { flags: '--left', about: 'of an undo: list each value that it left as it is' },
  ],
  examples: [
    'plan maple-valley',
    'plan maple-valley 3 --json',
    'plan maple-valley --changes students --school 0012 --all',
    'plan maple-valley 3 --csv changes.csv',
  ],
  async run(run) {
    const { io } = run;
    const id = argument(run);
    const number = readCount(run.args[1], 'RUN');
    const { rollcall } = await run.open();
    const found = await rollcall.plan(id, number);
    const shown = await gather(run, rollcall, id, found);
    if (shown.csv !== undefined) await writeCsv(run, shown.csv, shown.lines);
    if (io.json) await answer(io, found, shown);
    else await tell(io, id, found, shown);
  },
};

interface Shown {
  readonly questions: Questions;
  readonly kept: readonly KeptLine[];
  /** All that were chosen. */
  readonly lines: AsyncIterable<PlanLine>;
  /** The first of them; null where all are wanted, or none. */
  readonly groups: LineGroups | null;
  readonly left: readonly LeftValue[] | null;
  readonly isAll: boolean;
  readonly hasLines: boolean;
  readonly csv: string | undefined;
}

const FEW = { most: 10, mostSchools: 10 };
/** Where a first load brings hundreds of thousands, a few say what they are like. */
const FEWER = { most: 3, mostSchools: 3 };
const MANY = 500;
const KEPT = 10;

async function gather(run: Run, rollcall: Rollcall, id: string, found: PlanRecord): Promise<Shown> {
  const { options, io } = run;
  const kinds = options.list('changes');
  const wanted = { kinds, schools: options.list('school') };
  const isAll = options.flag('all');
  const total = Object.values(found.changes)
    .flatMap((one) => Object.values(one))
    .reduce((sum, one) => sum + one, 0);
  const few = total > MANY ? FEWER : FEW;
  return {
    questions: await rollcall.questions(id, found.run),
    kept: await rollcall.keptBy(id, found.run, isAll ? undefined : KEPT),
    lines: await rollcall.planLines(id, found.run, wanted),
    groups: isAll || io.json ? null : await rollcall.planLineGroups(id, found.run, wanted, few),
    left: found.undo && options.flag('left') ? await rollcall.leftBy(id, found.run) : null,
    ...{ isAll, hasLines: isAll || kinds !== undefined, csv: options.text('csv') },
  };
}

async function answer(io: Io, found: PlanRecord, shown: Shown): Promise<void> {
  const { questions, kept, lines, left, hasLines } = shown;
  const all = { ...found, questions, keptBecause: kept, ...(left && { leftValues: left }) };
  if (hasLines) await io.answerList(all, 'lines', lines);
  else io.answer(all);
}

async function tell(io: Io, id: string, found: PlanRecord, shown: Shown): Promise<void> {
  const { changesTable, schoolsTable } = await import('../change-tables.js');
  const { everyLine, groupLines, keptLines } = await import('../plan-lines.js');
  const { questionsBlock } = await import('../question-words.js');
  const part = (text: string): void => {
    if (text !== '') io.say(`\n${text}`);
  };
  io.say(head(io, id, found));
  for (const one of heldBlock(io, id, found)) part(one);
  part(questionsBlock(io, id, found, shown.questions));
  const kept = {
    title: 'kept though absent',
    of: ({ kind }: { kind: Kind }) => count(found.kept[kind]),
    right: true,
  };
  part(changesTable(io, found.changes, found.undo ? [] : [kept]));
  part(schoolsTable(io, found.bySchool));
  part(keptLines(io, id, found, shown.kept));
  if (shown.groups) part(groupLines(io, id, found, shown.groups));
  else await io.sayAll(everyLine(io, found, shown.lines));
  if (found.undo) {
    const { leftLines, leftTable } = await import('../left-words.js');
    part(leftTable(io, found.undo.left));
    if (shown.left) part(leftLines(io, shown.left));
  }
  // Last, as it is what is left to do once all of that was looked at.
  if (found.state === 'waiting' && found.answersSince === 0) part(decisionBlock(io, id, found));
}

async function writeCsv(run: Run, name: string, lines: AsyncIterable<PlanLine>): Promise<void> {
  if (name === '') throw usage('CANNOT_WRITE', '--csv: give the path of a file.');
  const { writePlan } = await import('../write-plan.js');
  const written = await writePlan(run.cwd, name, lines);
  run.io.remark(`${many(written.count, 'change')} written to ${clean(written.file)}`);
}

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
    ['filter', outsideLine(rest.outside)],
    ['other keys', renamedLine(rest.renamed)],
    [
      'purged since',
      rest.purged > 0 ? `${many(rest.purged, 'change')}, which cannot be told or put back` : null,
    ],
    ['held', held.length > 0 ? io.paint('yellow', many(held.length, 'limit')) : null],
  ]);
  return `${io.paint('bold', `Plan of run ${run}`)} of ${id}, made ${moment(rest.madeAt)}\n${facts}`;
}
