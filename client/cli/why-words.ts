/** The story of a person or class, for a terminal. */
import { attributesOf, differences } from './attributes.js';
import { block } from './block.js';
import { findingLines } from './finding-lines.js';
import type { Io } from './io.js';
import { clean, count, many, moment } from './text.js';
import { withSentence } from '../../roster/reports/findings-csv.js';
import type { Why, WhyAnswer, WhyRun } from '../../store/read/why.js';

const LISTED = 10;
export function whyLines(io: Io, why: Why): string {
  const { kind, key, active, now, classes, teachers, students, story, answers, findings } = why;
  const state = active ? io.paint('green', 'active') : io.paint('yellow', 'inactive');
  const facts = block(io, [
    ...attributesOf(now).map(([name, words]) => [words, clean(now[name] ?? '') || '–'] as const),
    [
      'classes',
      kind === 'class' ? null : list(classes.map((one) => `${one.key} (${one.name})`)) || '–',
    ],
    ['teachers', kind === 'class' ? list(teachers) || '–' : null],
    ['students', kind === 'class' ? list(students) || '–' : null],
    ...answers.map((one) => ['answered', answerWords(one)] as const),
    ['id', why.id],
  ]);
  const runs = story.map((one) => runLines(io, kind, one)).join('\n');
  const found =
    findings === null || findings.about.length === 0
      ? ''
      : `\n\nFound by run ${findings.run}:\n${findingLines(io, findings.about.map(withSentence))}`;
  return `${io.paint('bold', `${kind} ${clean(key)}`)}: ${state}\n${facts}\n\n${runs}${found}\n`;
}

const answerWords = ({ same, other, by, at }: WhyAnswer): string =>
  `${same ? 'the same as' : 'not the same as'} ${clean(other)}, said by ${clean(by)}, ${moment(at)}`;

function runLines(io: Io, kind: Why['kind'], one: WhyRun): string {
  const where = [
    one.undoes === null ? one.kind : `undo of run ${one.undoes}`,
    moment(one.at),
    one.sha256 === null
      ? null
      : `file ${one.sha256.slice(0, 12)}${one.line === null ? '' : ` line ${one.line}`}`,
    one.by === 'system'
      ? 'within the limits'
      : `${one.undoes === null ? 'approved' : 'asked for'} by ${clean(one.by)}`,
    one.undoneBy === null ? null : io.paint('yellow', `undone by run ${one.undoneBy}`),
  ];
  const head = `  ${io.paint('bold', `run ${one.run}`)}  ${where.filter(Boolean).join(', ')}`;
  const [came, left] =
    kind === 'class' ? ['came in', 'went out'] : ['came into class', 'left class'];
  const lines = [
    ...changeLines(one),
    one.joined.length > 0 ? `${came}: ${list(one.joined)}` : null,
    one.left.length > 0 ? `${left}: ${list(one.left)}` : null,
    one.purged > 0 ? `and ${count(one.purged)} more, purged since` : null,
  ];
  return [head, ...lines.flatMap((line) => (line === null ? [] : [`         ${line}`]))].join('\n');
}

const ACTIONS = {
  added: 'added',
  changed: 'changed',
  reactivated: 'came back',
  deactivated: 'became inactive',
} as const;

/** `changed: last name Ruiz → Ruíz`; what was added, with all that was said of it. */
function changeLines({ action, old, new: said, saidBy }: WhyRun): string[] {
  if (action === null) return [];
  const values = differences(old, said ?? {});
  const answer = saidBy === null ? '' : ` (the same one, said by ${clean(saidBy)})`;
  return [[ACTIONS[action], ...(values.length > 0 ? [values.join(', ')] : [])].join(': ') + answer];
}

function list(all: readonly string[]): string {
  const shown = all.slice(0, LISTED).map(clean).join(', ');
  return all.length > LISTED ? `${shown} and ${many(all.length - LISTED, 'other')}: --json` : shown;
}
