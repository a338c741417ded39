/**
 * Why a person or class is as it is: what each applied run did to it. Holds names and addresses:
 * for support's own eyes, never for a log, a mail or a history.
 */
import type { Db } from '../db.js';
import { districtKey, first, iso, rows, storable } from '../sql.js';
import type { Action, FindingRecord, RunKind } from '../types.js';
import { standingUndos } from '../undo/which.js';
import { findingsAbout } from './findings-about.js';
import { findSubjects, type Subject } from './why-subjects.js';

export type { Subject };

export interface Why extends Subject {
  /** The oldest first. */
  readonly story: readonly WhyRun[];
  /** What support has said about whether it is the same as another one. */
  readonly answers: readonly WhyAnswer[];
  /** The newest run that read a file, and what it found about this person or class. */
  readonly findings: { readonly run: number; readonly about: readonly FindingRecord[] } | null;
}

export interface WhyAnswer {
  readonly same: boolean;
  /** The key that the other one has, or had. */
  readonly other: string;
  readonly by: string;
  readonly at: string;
}

/** What one run did to it. */
export interface WhyRun {
  readonly run: number;
  readonly kind: RunKind;
  readonly at: string;
  /** Of the file that said so; null if it was an undo. */
  readonly sha256: string | null;
  /** The first line of that file that names it; null if it was absent, or that was not kept yet. */
  readonly line: number | null;
  /** Who approved the plan: an id, or `system` where nobody had to. */
  readonly by: string;
  /** Who had said that it is the same one under another email or id, where that was asked. */
  readonly saidBy: string | null;
  readonly undoes: number | null;
  /** The run that undid this one, whole or in part. */
  readonly undoneBy: number | null;
  /** Null: only who is in which class. */
  readonly action: Action | null;
  readonly old: Readonly<Record<string, string>> | null;
  readonly new: Readonly<Record<string, string>> | null;
  /** Classes that a person came into and left; of a class its people's addresses. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** How many of these were purged since, and so cannot be named. */
  readonly purged: number;
}

/**
 * A student and a teacher may share an address, so there may be more than one answer; none if the
 * roster has never known such a one.
 * @param what an email address, in any case, or a class id
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function getWhy(db: Db, district: string, what: string): Promise<Why[]> {
  const key = await districtKey(db, district);
  const subjects = await findSubjects(db, key, storable(what));
  const undoneBy = new Map((await standingUndos(db, key)).map((one) => [one.undoes, one.run]));
  const newest = await first<{ run: number }>(
    db,
    `select run from rollcall.runs where district_key = ? and row_count is not null
     order by run desc limit 1`,
    [key],
  );
  return Promise.all(
    subjects.map(async (subject): Promise<Why> => {
      const story = await storyOf(db, key, subject);
      const about = newest && { districtKey: key, run: newest.run };
      return {
        ...subject,
        story: story.map((one) => ({ ...one, undoneBy: undoneBy.get(one.run) ?? null })),
        answers: await answersAbout(db, key, subject),
        findings: about && { run: about.run, about: await findingsAbout(db, about, subject) },
      };
    }),
  );
}

type Told = Omit<WhyRun, 'at'> & { readonly at: Date };

const TABLES = { student: 'students', teacher: 'teachers', class: 'classes' };

/** As the old one of a pair, or as the new one, where that has come to be another. */
async function answersAbout(db: Db, districtKey: number, subject: Subject): Promise<WhyAnswer[]> {
  const table = TABLES[subject.kind];
  const found = await rows<Omit<WhyAnswer, 'at'> & { readonly at: Date }>(
    db,
    `select a.is_same as same, case when a.entity = ? then a.new_key
                                    else r.${subject.kind === 'class' ? 'class_id' : 'email'} end as other,
            a.answered_by as by, a.answered_at as at
     from rollcall.link_answers a join rollcall.${table} r on r.key = a.entity
     where a.district_key = ? and a.kind = ? and (a.entity = ? or a.new_key = ?)
       and not (a.entity = ? and a.new_key = ?)
     order by a.answered_at`,
    [
      ...[subject.entity, districtKey, table, subject.entity, subject.key],
      ...[subject.entity, subject.key],
    ],
  );
  return found.map((one) => ({ ...one, at: iso(one.at) }));
}

/**
 * No index helps to find a person in arrays of people, nor is one kept for a question of support: the
 * district's own changes are gone through once, from one end to the other.
 */
async function storyOf(db: Db, districtKey: number, subject: Subject): Promise<WhyRun[]> {
  const { kind, entity } = subject;
  const table = TABLES[kind];
  const pairs =
    kind === 'class'
      ? `select p.run, p.action, coalesce(t.email, s.email) as whom
         from rollcall.plan_pairs p cross join unnest(p.people) as one (person)
         left join rollcall.teachers t on p.kind = 'classTeachers' and t.key = one.person and t.district_key = p.district_key
         left join rollcall.students s on p.kind = 'enrollments' and s.key = one.person and s.district_key = p.district_key
         where p.district_key = ? and p.class_key = ?`
      : `select p.run, p.action, p.class_id as whom from rollcall.plan_pairs p
         where p.district_key = ? and ?::bigint = any (p.people)
           and p.kind = '${kind === 'student' ? 'enrollments' : 'classTeachers'}'`;
  const told = await rows<Told>(
    db,
    `with changes as materialized (
       select run, action, key, old, new, line from rollcall.plan_changes
       where district_key = ? and kind = '${table}' and entity = ?),
     pairs as materialized (
       select run,
         array_agg(whom order by whom) filter (where action <> 'deactivated' and whom is not null)
           as joined,
         array_agg(whom order by whom) filter (where action = 'deactivated' and whom is not null)
           as "left",
         (count(*) filter (where whom is null))::int as purged
       from (${pairs}) one group by run)
     select r.run, r.kind, p.closed_at as at, r.sha256, c.line, p.closed_by as by, r.undoes, a.answered_by as "saidBy",
            c.action, c.old, c.new,
            coalesce(w.joined, '{}') as joined, coalesce(w."left", '{}') as "left",
            coalesce(w.purged, 0) as purged
     from rollcall.plans p
     join rollcall.runs r using (district_key, run)
     left join changes c on c.run = p.run
     left join pairs w on w.run = p.run
     left join rollcall.link_answers a on a.district_key = p.district_key and a.kind = '${table}'
       and a.entity = ? and a.is_same and a.new_key = c.key and c.action = 'changed'
       and r.undoes is null and a.answered_at <= p.made_at
     where p.district_key = ? and p.state = 'applied' and (c.run is not null or w.run is not null)
     order by p.roster_version, p.run`,
    [districtKey, entity, districtKey, entity, entity, districtKey],
  );
  return told.map((one) => ({ ...one, at: iso(one.at) }));
}
