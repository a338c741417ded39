/**
 * The file knows people by their address, classes and schools by an id. Where one of those has
 * changed, a new thing comes as an old one goes; taken as it stands, all that a product keeps for
 * the old one would be lost. Such a pair is one thing with another key, if nothing else is
 * possible:
 *
 * | what    | is the same one, if both have                                                        |
 * |---------|--------------------------------------------------------------------------------------|
 * | school  | the same name, and half of the old one's classes are in the new one                  |
 * | class   | the same school, a teacher in common, and three fifths of either's students in common |
 * | student | the same names, no other grade but the next, and half of the old one's classes        |
 * | teacher | the same names, and half of the old one's classes                                     |
 *
 * Names count without case. Each must be the only one that it could be, on either side; for
 * classes of the same students and teacher the name decides. Whom a rejected row speaks of is left
 * alone. What fits twice, or only by name, grade and school, is told (`unclear`), so that a person
 * looks at it. What support has answered about a pair goes before all of this (link-answers.ts).
 *
 * Works on the tables of file-says.ts and absent.ts before pairs are told: the file's thing gets
 * the old one's key, and `old_email`, `old_class_id` or `old_school_id` says what it was called.
 */
import type { Db } from '../db.js';
import type { HeldLimit, Linked } from '../types.js';
import { first, run } from '../sql.js';
import { applyAnswers } from './link-answers.js';
import { keptCandidates, UNCLEAR } from './kept-links.js';
import { RULES, type Rule, type StagedTables } from './link-rules.js';

export type LinkCounts = Readonly<Record<Linked, number>>;
export interface Links {
  /** Where there are pairs that may be the same. */
  readonly found: readonly Linked[];
  /** Things with another key, taken for the same. */
  readonly renamed: LinkCounts;
  /** New ones that may be one who goes, or may not. */
  readonly unclear: LinkCounts;
  /** People who have both another first and another last name: perhaps others, with an old address. */
  readonly reused: Readonly<Record<'students' | 'teachers', number>>;
}
export const NO_LINKS: LinkCounts = Object.freeze({
  schools: 0,
  classes: 0,
  students: 0,
  teachers: 0,
});

export const NOTHING_LINKED: Links = Object.freeze({
  found: [],
  renamed: NO_LINKS,
  unclear: NO_LINKS,
  reused: { students: 0, teachers: 0 },
});

/**
 * Schools come first: classes are looked for within theirs.
 * @param restOf the run that left out what is planned now: who is who was settled by its plan
 */
export async function linkRenames(
  trx: Db,
  districtKey: number,
  tables: StagedTables,
  restOf: number | null,
): Promise<Links> {
  const renamed: Record<Linked, number> = { ...NO_LINKS };
  const unclear: Record<Linked, number> = { ...NO_LINKS };
  const found: Linked[] = [];
  for (const rule of RULES) {
    const kind = rule.kind;
    if (!(await mayBe(trx, kind))) continue;
    found.push(kind);
    const [candidates, bindings] =
      restOf === null
        ? [rule.candidates(tables), [districtKey]]
        : [keptCandidates(rule), [districtKey, restOf, kind]];
    await run(trx, `create temp table link_${kind} on commit drop as ${candidates}`, bindings);
    await applyAnswers(trx, districtKey, rule, tables);
    await run(trx, only(kind));
    renamed[kind] = await link(trx, rule);
    unclear[kind] = await countUnclear(trx, kind);
  }
  const reused = {
    students: await countReused(trx, 'students'),
    teachers: await countReused(trx, 'teachers'),
  };
  return { found, renamed, unclear, reused };
}

/** Changed places are the reader's to tell; a name that is written in capitals now is the same. */
async function countReused(trx: Db, kind: 'students' | 'teachers'): Promise<number> {
  const found = await first<{ count: number }>(
    trx,
    `select count(*)::int as count from file_${kind} f
     where f.action = 'changed' and f.old_email is null
       and lower(f.first_name) <> lower(f.old_first_name)
       and lower(f.last_name) <> lower(f.old_last_name)
       and (lower(f.first_name), lower(f.last_name))
           <> (lower(f.old_last_name), lower(f.old_first_name))`,
  );
  return found?.count ?? 0;
}

const mayBe = async (trx: Db, kind: Linked): Promise<boolean> => {
  const found = await first<{ some: boolean }>(
    trx,
    `select exists (select from file_${kind} where action = 'added')
        and exists (select from absent_${kind}) as some`,
  );
  return found?.some ?? false;
};

/** `only_<kind>`: pairs of which each side fits no other one; where it does, the name decides. */
const only = (kind: Linked): string => `
  create temp table only_${kind} on commit drop as
  with counted as (
    select l.*, count(*) over (partition by n) as for_new,
           count(*) over (partition by old_key) as for_old,
           count(*) filter (where same_name) over (partition by n) as named_new,
           count(*) filter (where same_name) over (partition by old_key) as named_old
    from link_${kind} l where fits
  )
  select n, key, old_key from counted
  where (for_new = 1 and for_old = 1) or (same_name and named_new = 1 and named_old = 1)`;

const NAMES: Readonly<Record<Linked, readonly string[]>> = {
  schools: ['name'],
  classes: ['name', 'school_key'],
  students: ['first_name', 'last_name', 'grade_level'],
  teachers: ['first_name', 'last_name'],
};

async function link(trx: Db, { kind, key }: Rule): Promise<number> {
  const names = NAMES[kind];
  // A grade that the file does not say is the old one's, which was not known until now.
  const grade =
    kind === 'students' ? `, grade_level = coalesce(nullif(f.grade_level, ''), r.grade_level)` : '';
  const linked = await run(
    trx,
    `update file_${kind} f set key = o.old_key, action = 'changed', old_${key} = r.${key},
            ${names.map((name) => `old_${name} = r.${name}`).join(', ')} ${grade}
     from only_${kind} o join rollcall.${kind} r on r.key = o.old_key
     where f.n = o.n`,
  );
  if (linked === 0) return 0;
  await run(trx, `delete from absent_${kind} a using only_${kind} o where a.key = o.old_key`);
  if (kind === 'schools') {
    await run(
      trx,
      `update file_classes c set school_key = o.old_key,
              action = case when c.action = 'changed' and c.old_school_key = o.old_key
                             and c.name = c.old_name then null else c.action end
       from only_schools o where c.school_key = o.key`,
    );
  }
  return linked;
}

/** New ones that an absent one fits or nearly fits, and that were not linked. */
async function countUnclear(trx: Db, kind: Linked): Promise<number> {
  const found = await first<{ count: number }>(
    trx,
    `select count(distinct l.n)::int as count from link_${kind} l where ${UNCLEAR(kind)}`,
  );
  return found?.count ?? 0;
}

/** As limits of nothing at all: a person says who is who. */
export function unclearLinks({ unclear, reused }: Links): readonly HeldLimit[] {
  const limits = [
    ...(['students', 'teachers', 'classes', 'schools'] as const).map(
      (kind) => [`${kind}-unclear`, unclear[kind]] as const,
    ),
    ...(['students', 'teachers'] as const).map(
      (kind) => [`${kind}-reused-address`, reused[kind]] as const,
    ),
  ];
  return limits
    .filter(([, value]) => value > 0)
    .map(([limit, value]) => ({ limit, school: null, value, allowed: 0, unit: 'count' }));
}
