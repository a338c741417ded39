/**
 * Whom a plan asks about, and what was answered. Names and addresses: for support's own eyes, never
 * for a log, a mail or a history.
 */
import type { Db } from '../db.js';
import { districtKey, iso, rows } from '../sql.js';
import type { Linked, RunRef } from '../types.js';

export interface Side {
  /** The email or id. */
  readonly key: string;
  /** Names, grade, school: whatever it has. */
  readonly values: Readonly<Record<string, string>>;
  /** The school_id; null if none is known. */
  readonly school: string | null;
  /** The first line of the file that names it. */
  readonly line: number | null;
}
export interface Question {
  /** `unclear`: two keys that may be one; `reused`: one address that may have got another owner. */
  readonly about: 'unclear' | 'reused';
  readonly kind: Linked;
  readonly old: Side;
  readonly new: Side;
  /** What speaks for it; null of a reused address. */
  readonly common: {
    readonly sameName: boolean;
    /** No other grade but the next; null where there are none. */
    readonly gradeFits: boolean | null;
    /** Classes in common, of a class its students. */
    readonly shared: number;
    readonly ofOld: number;
    /** Of a class: how many students the new one has. */
    readonly ofNew: number | null;
  } | null;
  readonly answer: Answered | null;
}
export interface Answered {
  readonly same: boolean;
  readonly by: string;
  readonly at: string;
}
export interface Questions {
  readonly asked: readonly Question[];
  /** All of them, of which `asked` are the first. */
  readonly total: number;
  /** Pairs of this plan that were answered before it was made. */
  readonly answered: readonly {
    readonly kind: Linked;
    readonly old: string;
    readonly new: string;
    readonly answer: Answered;
  }[];
}

const MOST = 1_000;
const KINDS = ['schools', 'classes', 'teachers', 'students'] as const;
const KEY = { schools: 'school_id', classes: 'class_id', teachers: 'email', students: 'email' };

const PERSON = `'first_name', r.first_name, 'last_name', r.last_name`;
const VALUES = {
  schools: `jsonb_build_object('name', r.name)`,
  classes: `jsonb_build_object('name', r.name)`,
  teachers: `jsonb_build_object(${PERSON})`,
  students: `jsonb_build_object(${PERSON}, 'grade_level', r.grade_level)`,
};

/** @throws StoreError DISTRICT_UNKNOWN */
export async function getQuestions(db: Db, { district, run }: RunRef): Promise<Questions> {
  const key = await districtKey(db, district);
  const asked: Question[] = [];
  for (const kind of KINDS) asked.push(...(await unclear(db, key, run, kind)));
  asked.push(...(await reused(db, key, run)));
  return {
    asked: asked.slice(0, MOST),
    total: asked.length,
    answered: await answeredPairs(db, key, run),
  };
}

interface Row extends Omit<Question, 'answer'> {
  readonly same: boolean | null;
  readonly answered_by: string;
  readonly answered_at: Date;
}
const toAnswer = ({
  same,
  answered_by,
  answered_at,
}: Omit<Row, keyof Question>): Answered | null =>
  same === null ? null : { same, by: answered_by, at: iso(answered_at) };
const toQuestion = ({ same, answered_by, answered_at, ...row }: Row): Question => ({
  ...row,
  answer: toAnswer({ same, answered_by, answered_at }),
});

/** The old one as it goes, or as the roster has it where something else became of it. */
async function unclear(db: Db, key: number, run: number, kind: Linked): Promise<Question[]> {
  const found = await rows<Row>(
    db,
    `select 'unclear' as about, '${kind}' as kind,
       jsonb_build_object('key', coalesce(o.key, r.${KEY[kind]}), 'values', coalesce(o.old, ${VALUES[kind]}),
         'school', o.school, 'line', null) as old,
       jsonb_build_object('key', l.new_key, 'values', coalesce(n.new, '{}'), 'school', n.school,
         'line', n.line) as new,
       jsonb_build_object('sameName', l.same_name, 'gradeFits', l.grade_fits, 'shared', l.shared,
         'ofOld', l.of_old, 'ofNew', l.of_new) as common,
       a.is_same as same, a.answered_by, a.answered_at
     from rollcall.plan_links l
     join rollcall.${kind} r on r.key = l.entity
     left join rollcall.plan_changes o on o.district_key = l.district_key and o.run = l.run
       and o.kind = l.kind and o.entity = l.entity
     left join rollcall.plan_changes n on n.district_key = l.district_key and n.run = l.run
       and n.kind = l.kind and n.key = l.new_key
     left join rollcall.link_answers a on a.district_key = l.district_key and a.kind = l.kind
       and a.entity = l.entity and a.new_key = l.new_key
     where l.district_key = ? and l.run = ? and l.kind = '${kind}' and not l.is_same
     order by coalesce(o.key, r.${KEY[kind]}), l.new_key limit ${MOST}`,
    [key, run],
  );
  return found.map(toQuestion);
}

/** As plan/renames.ts counts them. */
async function reused(db: Db, key: number, run: number): Promise<Question[]> {
  const name = (side: 'old' | 'new', which: 'first' | 'last') =>
    `lower(c.${side}->>'${which}_name')`;
  const found = await rows<Row>(
    db,
    `select 'reused' as about, c.kind,
       jsonb_build_object('key', c.key, 'values', c.old, 'school', null, 'line', null) as old,
       jsonb_build_object('key', c.key, 'values', c.new, 'school', c.school, 'line', c.line) as new,
       null as common, null::boolean as same
     from rollcall.plan_changes c
     join rollcall.runs u using (district_key, run)
     where c.district_key = ? and c.run = ? and c.kind in ('students', 'teachers')
       and u.undoes is null and c.action = 'changed' and c.new->>'email' is null
       and ${name('old', 'first')} <> ${name('new', 'first')}
       and ${name('old', 'last')} <> ${name('new', 'last')}
       and (${name('new', 'first')}, ${name('new', 'last')})
           <> (${name('old', 'last')}, ${name('old', 'first')})
     order by c.kind, c.key limit ${MOST}`,
    [key, run],
  );
  return found.map(toQuestion);
}

/** Taken for the same, or for two, as somebody has said so. */
async function answeredPairs(db: Db, key: number, run: number): Promise<Questions['answered']> {
  const found = await rows<{
    kind: Linked;
    old: string;
    new: string;
    same: boolean;
    answered_by: string;
    answered_at: Date;
  }>(
    db,
    `select a.kind, coalesce(c.old->>'email', c.old->>'class_id', c.old->>'school_id', c.key) as old,
            a.new_key as new, a.is_same as same, a.answered_by, a.answered_at
     from rollcall.link_answers a
     join rollcall.plan_changes c on c.district_key = a.district_key and c.kind = a.kind
       and c.entity = a.entity
     join rollcall.plans p on p.district_key = c.district_key and p.run = c.run
     where a.district_key = ? and c.run = ? and a.answered_at <= p.made_at
       and (c.key = a.new_key or (not a.is_same and c.action = 'deactivated'))
     order by a.kind, 2, 3 limit ${MOST}`,
    [key, run],
  );
  return found.map(({ kind, old, new: other, ...answer }) => ({
    ...{ kind, old, new: other },
    answer: toAnswer(answer)!,
  }));
}
