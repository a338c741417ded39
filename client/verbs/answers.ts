import type { Context } from '../context.js';
import { usage } from '../errors.js';
import { didYouMean } from '../near.js';
import { readBy } from '../signal.js';
import type { LinkAnswered, Rollcall } from '../types.js';
import { answerLink } from '../../store/config/answers.js';
import { getQuestions } from '../../store/read/plan-questions.js';
import type { Linked } from '../../store/types.js';

const KINDS: Readonly<Record<string, Linked>> = {
  student: 'students',
  teacher: 'teachers',
  class: 'classes',
  school: 'schools',
};

export function answerVerbs(context: Context): Pick<Rollcall, 'questions' | 'answer'> {
  return {
    async questions(id, run) {
      await context.district(id);
      return context.store((db) => getQuestions(db, { district: id, run }));
    },
    async answer(id, { by, kind, ...answer }) {
      const told = { ...answer, ...checked(answer), by: readBy(by), kind: readKind(kind) };
      await context.district(id);
      return context.store((db) => answerLink(db, id, told));
    },
  };
}

function checked(answer: Pick<LinkAnswered, 'old' | 'new'>): { old: string; new: string } {
  const [old, other] = [answer.old.trim(), answer.new.trim()];
  if (old !== '' && other !== '') return { old, new: other };
  throw usage('BAD_KEY', 'Give two email addresses, class ids or school ids: OLD, then NEW.');
}

function readKind(kind: string | undefined): Linked | undefined {
  if (kind === undefined) return undefined;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (known) return known;
  const names = Object.keys(KINDS);
  throw usage('BAD_KIND', `--kind: give one of ${names.join(', ')}.${didYouMean(kind, names)}`);
}
