/** What a plan is a part of, and what support can say to it. */
import { additionsOf, changesLine, changesNothing, scopeWords } from '../../roster/plan-words.js';
import type { PlanRecord } from '../../store/types.js';
import type { ChangeTotals, PlanScope } from '../../workflows/contract.js';
import type { Io } from './io.js';
import { clean } from './text.js';

export const scopeLine = (scope: PlanScope): string => scopeWords(scope, clean);

/** Null for a plan that is all of its file. */
export function partLine({ scope, isolated, rest }: PlanRecord): string | null {
  if (scope === null) return null;
  const why = isolated ? ', over a limit' : '';
  const left = rest === null ? '' : `; what it left out is run ${rest}`;
  return `${scopeLine(scope)}${why}${left}`;
}

export const restLine = (id: string, { restOf }: PlanRecord): string | null =>
  restOf === null
    ? null
    : `what run ${restOf} left out of the same file; that run was applied: npx rollcall plan ${id} ${restOf}`;

/** Every command that decides about a plan that waits, with what would come of it. */
export function decisionBlock(io: Io, id: string, plan: PlanRecord): string {
  const approve = `npx rollcall approve ${id} --plan ${plan.hash.slice(0, 12)}`;
  const additions = additionsOf(plan.changes);
  const parts = plan.undo ? [] : partsOf(approve, plan, additions);
  const choices = [
    [approve, `all of it: ${changesLine(plan.changes)}`],
    ...parts,
    [`npx rollcall reject ${id} --reason "…"`, 'nothing of it'],
  ];
  const lines = choices.map(
    ([command, what]) => `  ${command}\n      ${io.paint('dim', what ?? '')}`,
  );
  return [
    io.paint('bold', 'What you can say'),
    ...lines,
    ...(parts.length > 0
      ? ['  What is left out stays as it is and is held as a plan of its own.']
      : []),
  ].join('\n');
}

/** An undo is approved whole or not at all. */
const partsOf = (approve: string, plan: PlanRecord, additions: ChangeTotals): string[][] => [
  ...plan.choices.map(({ scope, changes, limitsOver }) => [
    `${approve} --without-held-schools`,
    `${scopeLine(scope)}: ${changesLine(changes)}${limitsOver > 0 ? ', which is still over a limit' : ''}`,
  ]),
  ...(plan.bySchool.length > 1
    ? [[`${approve} --without-school ID`, 'without that one; may be repeated']]
    : []),
  ...(changesNothing(additions) || changesLine(additions) === changesLine(plan.changes)
    ? []
    : [
        [`${approve} --additions-only`, `nobody leaves, nobody changes: ${changesLine(additions)}`],
      ]),
];
