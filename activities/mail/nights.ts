/** Letters about a sync after the onboarding. */
import type { Stage } from '../../workflows/stages.js';
import { changesLine, scopeWords } from '../../roster/plan-words.js';
import { oneLine, type Letter, type LetterFacts, type Template } from './letter.js';
import { whyRefused } from './correction.js';
import { changeTable, commands, limitList, nextNight } from './phrases.js';
import { lookWords } from './problems.js';

export const syncHeld: Template = (facts): Letter => ({
  subject: `${facts.district.name}: a sync is held and needs you`,
  body: [
    ...whatIsHeld(facts),
    ...(facts.run?.plan ? [...limitList(facts.run.plan), changeTable(facts.run.plan)] : []),
    facts.run?.undoes == null
      ? 'Look at it, then say yes or no (where a limit does not suit this district, `district set ID --limit` changes it for the next files):'
      : 'Look at it, then say yes or no:',
    commands(
      `plan ${facts.district.id} ${facts.run?.run ?? ''}`.trim(),
      `approve ${facts.district.id}`,
      ...(facts.run?.plan?.withoutHeld
        ? [`approve ${facts.district.id} --without-held-schools`]
        : []),
      `reject ${facts.district.id} --reason "…"`,
    ),
    ...(facts.run?.plan?.withoutHeld
      ? [`Without the schools that are over a limit: ${changesLine(facts.run.plan.withoutHeld)}.`]
      : []),
    `Until then the roster stays as it is. The hold ends by itself when a newer file comes, or after ${facts.after.hold}; the nights go on meanwhile.`,
  ],
});

function whatIsHeld({ run, district }: LetterFacts): string[] {
  if (run?.undoes != null) {
    const what = `Run ${run.run} of ${district.name}, which is to undo run ${run.undoes},`;
    return [
      run.plan && run.plan.held.length > 0
        ? `${what} would take more seats than this district may have, so nothing was changed:`
        : `${what} would put back something else than was looked at, as the roster has changed since, so nothing was changed:`,
    ];
  }
  const number = run?.run ?? '?';
  const before = run?.plan?.restOf;
  if (!before) {
    return [
      `Run ${number} of ${district.name} would change more than the limits of this district allow, so nothing was changed:`,
    ];
  }
  const part = scopeWords(before.scope, (school) => oneLine(school, 60));
  return [
    `Run ${before.run} of ${district.name} went on ${part}: ${changesLine(before.changes)}.`,
    `What it left out is run ${number}, which waits for you. Of that, nothing was changed:`,
  ];
}

export const syncRefused: Template = (facts): Letter => ({
  subject: `${facts.district.name}: your roster file could not be used`,
  body: [
    'We meant to bring the roster in step with your file, but could not use it:',
    ...whyRefused(facts),
    'Nothing was changed, and nobody was removed: your people go on working with the roster of the last good file.',
    `Please put a mended file in the same place under the same name (${facts.upload.path}). ${takenWhen(facts)}`,
  ],
});

function takenWhen(facts: LetterFacts): string {
  const night = nextNight(facts);
  return night === null
    ? 'We notice it by ourselves.'
    : `We take it with the next update: the next night ${night}.`;
}

export const syncFailed: Template = (facts): Letter =>
  facts.stage === null ? failedNight(facts) : failedStep(facts, facts.stage);

function failedNight(facts: LetterFacts): Letter {
  const { district, run, problem } = facts;
  if (run?.undoes != null) return failedUndo(facts, run.run, run.undoes);
  const night = nextNight(facts);
  return {
    subject: `${district.name}: a sync did not come to its end`,
    body: [
      `${run ? `Run ${run.run}` : 'A sync'} of ${district.name} was given up (${problem ?? 'no code'}). A run is applied whole or not at all; whether this one was, the list of runs says.`,
      'See what happened, and start it again once the cause is gone:',
      commands(`runs ${district.id}`, `sync ${district.id} --wait`),
      night === null
        ? 'If nobody does anything, nothing happens until the next upload.'
        : `If nobody does anything, the next night tries anew, ${night}.`,
    ],
  };
}

/** No night tries it anew. */
const failedUndo = ({ district, problem }: LetterFacts, run: number, undoes: number): Letter => ({
  subject: `${district.name}: an undo did not come to its end`,
  body: [
    `Run ${run} of ${district.name}, which was to undo run ${undoes}, was given up (${problem ?? 'no code'}). A run is applied whole or not at all; whether this one was, the list of runs says.`,
    'See what happened, and ask for it again if there is still something to put back:',
    commands(`runs ${district.id}`, `undo ${district.id} ${undoes}`),
  ],
});

/** An onboarding goes on trying; this is word that it needs to. */
const failedStep = ({ district, problem }: LetterFacts, stage: Stage): Letter => ({
  subject: `${district.name}: the onboarding cannot go on`,
  body: [
    `Something that the onboarding of ${district.name} needs stays broken at the stage ${stage} (${problem ?? 'no code'}). Nothing is lost, and nothing is changed by halves.`,
    'See how it stands:',
    commands(`status ${district.id}`, `runs ${district.id}`),
    'It is tried again and again, and goes on by itself as soon as the cause is gone. If it is not, you hear of it again tomorrow.',
  ],
});

export const sourceProblem: Template = ({ district, problem }): Letter => ({
  subject: `${district.name}: we cannot get at the roster file`,
  body: [
    `The roster file of ${district.name} cannot be looked at (${problem ?? 'no code'}). ${lookWords(problem)}`,
    ...whatToDo(district.id, problem),
    'Nothing is changed meanwhile. We go on looking, and carry on by ourselves as soon as it works.',
  ],
});

/** The filter is ours, so the district can mend nothing. */
export const filterEmpty: Template = ({ district, run }): Letter => ({
  subject: `${district.name}: no class of the file is inside its filter`,
  body: [
    `${run ? `Run ${run.run}` : 'A run'} of ${district.name} read a file of which no class is inside the filter that is set, so nothing was changed and nobody was removed. Either ids of schools or classes, names of classes or addresses of teachers are others now, or the file is another one.`,
    'Compare the two, try the filter that you want on that file, and set it:',
    commands(`filter ${district.id}`, `filter ${district.id} --help`),
  ],
});

function whatToDo(id: string, problem: string | null): string[] {
  if (problem?.startsWith('SFTP_')) {
    return [
      'See that the server is up, compare the settings with what the district says, and set what changed:',
      commands(`district show ${id}`, `district set ${id} --help`),
    ];
  }
  return ['See how it stands, and look into the worker’s log:', commands(`status ${id}`)];
}
