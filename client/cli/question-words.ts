/** Whom a plan asks about, for a person in front of a terminal. */
import type { PlanRecord } from '../../store/types.js';
import type { Answered, Question, Questions, Side } from '../../store/read/plan-questions.js';
import type { Io } from './io.js';
import { briefly } from './attributes.js';
import { clean, count, many } from './text.js';

export const ONE_OF = {
  schools: 'school',
  teachers: 'teacher',
  classes: 'class',
  students: 'student',
} as const;

const SHOWN = 20;
const INDENT = '      ';

/** `''` if it asks about nobody and nobody was answered about. */
export function questionsBlock(io: Io, id: string, plan: PlanRecord, found: Questions): string {
  const { asked, total, answered } = found;
  const waits = plan.state === 'waiting';
  const shown = asked.slice(0, SHOWN).map((one) => pairLines(io, id, one, waits));
  const parts = [
    ...(shown.length > 0 ? [`${io.paint('bold', 'Who is who')}\n${shown.join('\n')}`] : []),
    ...(total > SHOWN ? [`  and ${count(total - SHOWN)} more: --json`] : []),
    ...(answered.length > 0
      ? [
          `${io.paint('bold', 'As it was answered')}\n${answered
            .slice(0, SHOWN)
            .map(
              (one) =>
                `  ${ONE_OF[one.kind]} ${clean(one.old)} and ${clean(one.new)} ${said(one.answer)}`,
            )
            .join('\n')}`,
        ]
      : []),
    ...(answered.length > SHOWN ? [`  and ${count(answered.length - SHOWN)} more: --json`] : []),
    ...(plan.answersSince > 0
      ? [
          io.paint(
            'yellow',
            `  ${many(plan.answersSince, 'answer')} came since this plan was made, which is not applied any more: npx rollcall sync ${id} makes it again`,
          ),
        ]
      : []),
  ];
  return parts.join('\n');
}

export const said = ({ same, by }: Answered): string =>
  `${same ? 'are the same' : 'are two'}, said by ${clean(by)}`;

function pairLines(io: Io, id: string, question: Question, waits: boolean): string {
  const { kind, old, new: other, about, answer } = question;
  const lines = [
    `  ${ONE_OF[kind]} ${io.paint('bold', clean(old.key))} goes: ${sideWords(old)}`,
    `${INDENT}${io.paint('bold', clean(other.key))} comes: ${sideWords(other)}`,
    `${INDENT}${io.paint('dim', commonWords(question))}`,
  ];
  if (about === 'reused') {
    lines.splice(
      0,
      2,
      `  ${ONE_OF[kind]} ${io.paint('bold', clean(old.key))}: ${sideWords(old)} → ${sideWords(other)}`,
    );
    return lines.join('\n');
  }
  if (answer) lines.push(`${INDENT}answered: they ${said(answer)}`);
  else if (waits) {
    lines.push(
      ...['same', 'different'].map(
        (word) =>
          `${INDENT}npx rollcall ${word} ${id} ${shellWord(old.key)} ${shellWord(other.key)}`,
      ),
    );
  }
  return lines.join('\n');
}

/** `Ann Lee, grade 5, school 0012, line 14` */
function sideWords({ values, school, line }: Side): string {
  return [
    briefly(values),
    school === null ? null : `school ${clean(school)}`,
    line === null ? null : `line ${line}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

function commonWords({ kind, common }: Question): string {
  if (common === null)
    return 'one address with quite another name: the same person, or another one who got it';
  const { sameName, gradeFits, shared, ofOld, ofNew } = common;
  const what = kind === 'classes' ? 'students' : 'classes';
  return [
    sameName ? 'the same name' : 'another name',
    gradeFits === null
      ? null
      : gradeFits
        ? kind === 'students'
          ? 'a grade that fits'
          : null
        : 'another grade',
    kind === 'classes' ? 'the same school and a teacher in common' : null,
    `${count(shared)} of ${count(ofOld)} ${what} shared${ofNew === null ? '' : `, of ${count(ofNew)} in the new one`}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** As a shell takes it for one word. */
const shellWord = (key: string): string => {
  const text = clean(key);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
};
