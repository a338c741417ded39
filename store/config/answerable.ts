/**
 * Which pair of a plan an answer is about, or why there is none: what is nonsense is refused, as it
 * would lie there until it did harm. No message quotes a key, as errors are logged.
 */
import type { Db } from '../db.js';
import { StoreError } from '../errors.js';
import type { PlanTarget } from '../plan/changes.js';
import { LINKED, type Linked } from '../types.js';
import { first } from '../sql.js';

export interface Asked {
  readonly old: string;
  readonly new: string;
  readonly kind: Linked | undefined;
  readonly same: boolean;
}
export interface Meant {
  readonly kind: Linked;
  /** Of the old one, in the roster. */
  readonly entity: string;
  readonly old: string;
  readonly new: string;
  /** The plan or an earlier answer says so already. */
  readonly isKnown: boolean;
}

const KEY = { students: 'email', teachers: 'email', classes: 'class_id', schools: 'school_id' };
const ONE = { students: 'student', teachers: 'teacher', classes: 'class', schools: 'school' };
const isPerson = (kind: Linked): boolean => kind === 'students' || kind === 'teachers';

interface Pair {
  readonly kind: Linked;
  /** Null: the roster has no such one. */
  readonly entity: string | null;
  readonly old: string;
  readonly new: string;
  /** What the plan does to the old one, less what was answered since; null: nothing. */
  readonly old_action: string | null;
  /** Under which other key the file has the old one, as the plan has it. */
  readonly taken_for: string | null;
  readonly is_active: boolean | null;
  /** Absent, and kept because of a bad row. */
  readonly is_kept: boolean;
  readonly new_action: string | null;
  /** The plan takes the new one for somebody of the roster. */
  readonly new_is_taken: boolean;
  /** The roster has such a one, active or not. */
  readonly new_is_there: boolean;
  readonly is_asked: boolean;
  readonly answer: boolean | null;
  /** Answered to be another one of this plan. */
  readonly old_is_said: boolean;
  readonly new_is_said: boolean;
  /** The old one is what another answer calls the new one. */
  readonly is_chain: boolean;
}

/** @throws StoreError NOT_IN_ROSTER, NOT_IN_FILE, BOTH_IN_FILE, ALREADY_ANOTHER, … */
export async function answerable(trx: Db, at: PlanTarget, asked: Asked): Promise<Meant> {
  const kinds = asked.kind ? [asked.kind] : LINKED;
  const pairs: Pair[] = [];
  for (const kind of kinds) pairs.push(await look(trx, at, kind, asked));
  const sound = pairs.flatMap((pair) => {
    const why = problemOf(pair, asked.same);
    return why === null ? [pair] : [];
  });
  if (sound.length > 1) {
    throw new StoreError(
      'KIND_UNCLEAR',
      `there is such a ${sound.map(({ kind }) => ONE[kind]).join(' and such a ')}; say which with --kind`,
    );
  }
  const [pair] = sound;
  if (!pair || pair.entity === null) throw nonsense(pairs, at.run, asked);
  const { kind, entity, old } = pair;
  const isKnown = asked.same
    ? pair.answer === true || (pair.answer === null && pair.taken_for === pair.new)
    : pair.answer === false;
  return { kind, entity, old, new: pair.new, isKnown };
}

type Problem = readonly [code: string, words: (one: string, run: number) => string];

/** Null: the plan has such a pair, and an answer about it makes sense. */
function problemOf(pair: Pair, same: boolean): Problem | null {
  if (pair.old === pair.new) return ['SAME_KEY', () => 'OLD and NEW are the same key'];
  if (pair.entity === null) return pair.is_chain ? CHAIN : NOT_IN_ROSTER;
  if (!same && pair.answer === true) return null;
  if (pair.taken_for === pair.new) return null;
  if (same && pair.old_is_said) return OLD_SAID;
  if (same && pair.new_is_said) return NEW_SAID;
  if (pair.taken_for !== null) return OLD_TAKEN;
  if (pair.new_is_taken) return NEW_TAKEN;
  if (pair.new_is_there) return pair.old_action === 'deactivated' ? KNOWN : BOTH;
  if (pair.new_action !== 'added') return NOT_IN_FILE;
  if (pair.is_kept) return KEPT;
  if (pair.old_action !== 'deactivated') return pair.is_active ? BOTH : GONE;
  return same || pair.is_asked || pair.answer !== null ? null : NOT_ASKED;
}

const NOT_IN_ROSTER: Problem = ['NOT_IN_ROSTER', (one) => `the roster has no ${one} OLD`];
const CHAIN: Problem = [
  'CHAIN',
  (one) =>
    `the roster has no ${one} OLD: it is itself a new one that was answered to be another; name the one that the roster has`,
];
const NOT_IN_FILE: Problem = [
  'NOT_IN_FILE',
  (one, run) => `the file of run ${run} brings no new ${one} NEW`,
];
const BOTH: Problem = [
  'BOTH_IN_FILE',
  (one, run) => `the file of run ${run} has both, so each is a ${one} of its own`,
];
const GONE: Problem = [
  'OLD_INACTIVE',
  (one) => `the ${one} OLD is inactive already, so nobody leaves whom NEW could be`,
];
const KNOWN: Problem = [
  'ALREADY_KNOWN',
  (one) =>
    `the roster has a ${one} NEW already, with an id of its own that products know; two cannot be made one`,
];
const KEPT: Problem = [
  'OLD_PROTECTED',
  (one, run) =>
    `the ${one} OLD stays, as a row of run ${run} that could not be used is or may be about it; have that row mended first`,
];
const OLD_TAKEN: Problem = [
  'ALREADY_ANOTHER',
  (one, run) =>
    `the plan of run ${run} takes the ${one} OLD for another new one; say that those are \`different\` first`,
];
const NEW_TAKEN: Problem = [
  'ALREADY_ANOTHER',
  (one, run) =>
    `the plan of run ${run} takes NEW for another ${one} of the roster; say that those are \`different\` first`,
];
const OLD_SAID: Problem = [
  'ALREADY_ANSWERED',
  (one) =>
    `the ${one} OLD was answered to be another new one; say that those are \`different\` first`,
];
const NEW_SAID: Problem = [
  'ALREADY_ANSWERED',
  (one) => `NEW was answered to be another ${one}; say that those are \`different\` first`,
];
const NOT_ASKED: Problem = [
  'NOT_ASKED',
  (_one, run) =>
    `the plan of run ${run} takes them for two already and does not ask, so there is nothing to answer`,
];

/** Of the kinds that the keys may be of, the one that has the old one speaks. */
function nonsense(pairs: readonly Pair[], run: number, { old, same }: Asked): StoreError {
  const [there] = pairs.filter(({ entity }) => entity !== null);
  const other = pairs.find(({ new_action }) => new_action === 'added');
  if (there && other && there.kind !== other.kind && there.new_action === null) {
    return new StoreError(
      'KINDS_DIFFER',
      `OLD is a ${ONE[there.kind]} and NEW is a ${ONE[other.kind]}, which cannot be the same`,
    );
  }
  const swapped = pairs.find(
    ({ old_action, new_is_there }) => old_action === 'added' && new_is_there,
  );
  if (!there && swapped) {
    return new StoreError(
      'WRONG_WAY_ROUND',
      `OLD is the new one in the file of run ${run}; first comes the one that the roster has`,
    );
  }
  const likely = pairs.filter(({ kind }) => isPerson(kind) === old.includes('@'));
  const pair = there ?? likely.find(({ is_chain }) => is_chain) ?? likely[0] ?? pairs[0]!;
  const [code, words] = problemOf(pair, same) ?? NOT_IN_ROSTER;
  const kinds = there ? [pair.kind] : (likely.length > 0 ? likely : pairs).map(({ kind }) => kind);
  return new StoreError(code, words(kinds.map((kind) => ONE[kind]).join(' or '), run));
}

async function look(trx: Db, at: PlanTarget, kind: Linked, asked: Asked): Promise<Pair> {
  const column = KEY[kind];
  const fold = (text: string): string => (isPerson(kind) ? text.toLowerCase() : text);
  const found = await first<Pair>(
    trx,
    `with d as (select ?::int as key, ?::int as run, ?::text as old, ?::text as new),
     change as (select c.* from rollcall.plan_changes c, d
                where c.district_key = d.key and c.run = d.run and c.kind = '${kind}'),
     said as (select a.* from rollcall.link_answers a, d
              where a.district_key = d.key and a.kind = '${kind}'),
     taken as (select c.entity, c.key from change c
               where c.new->>'${column}' is not null and not exists (
                 select from said s
                 where s.entity = c.entity and s.new_key = c.key and not s.is_same))
     select '${kind}' as kind, o.key::text as entity, d.old, d.new, o.active as is_active,
       case when c.new->>'${column}' is not null and t.entity is null then 'deactivated'
            else coalesce(c.action, (select action from change where key = d.old)) end as old_action,
       t.key as taken_for,
       exists (select from rollcall.plan_kept k where k.district_key = d.key and k.run = d.run
               and k.kind = '${kind}' and k.entity = o.key) as is_kept,
       case when n.new->>'${column}' is not null then 'added' else n.action end as new_action,
       exists (select from taken where key = d.new) as new_is_taken,
       exists (select from rollcall.${kind} r
               where r.district_key = d.key and r.${column} = d.new) as new_is_there,
       exists (select from rollcall.plan_links l where l.district_key = d.key and l.run = d.run
               and l.kind = '${kind}' and l.entity = o.key and l.new_key = d.new) as is_asked,
       (select is_same from said where entity = o.key and new_key = d.new) as answer,
       exists (select from said s join change x on x.key = s.new_key and x.action = 'added'
               where s.is_same and s.entity = o.key and s.new_key <> d.new) as old_is_said,
       exists (select from said s join change x on x.entity = s.entity and x.action = 'deactivated'
               where s.is_same and s.new_key = d.new and s.entity is distinct from o.key)
         as new_is_said,
       exists (select from said s where s.is_same and s.new_key = d.old) as is_chain
     from d
     left join rollcall.${kind} o on o.district_key = d.key and o.${column} = d.old
     left join change c on c.entity = o.key
     left join taken t on t.entity = o.key
     left join change n on n.key = d.new`,
    [at.districtKey, at.run, fold(asked.old), fold(asked.new)],
  );
  if (!found) throw new Error('one row always answers');
  return found;
}
