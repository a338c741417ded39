/** What a filter does to a run's rejected rows, and what it has left out in all. */
import { rejectedOutside, type RejectedGroup } from '../roster/filter/rejected.js';
import type { Db } from './db.js';
import { rows, run as execute } from './sql.js';
import type { LeftOut, StagedOutcome } from './types.js';

type Group = RejectedGroup & { readonly rows: number };

/**
 * Rejected rows that are about classes outside the filter go, as they are to protect nobody; where
 * that is in doubt the whole class is protected. Lost ids must be null already.
 * @returns null if there is no filter
 */
export async function dropOutside(
  trx: Db,
  table: string,
  districtKey: number,
  { filtered, reading }: Pick<StagedOutcome, 'filtered' | 'reading'>,
): Promise<LeftOut | null> {
  if (!filtered) return null;
  const { outside: left, verdicts } = filtered;
  const groups = await rows<Group>(
    trx,
    `select school_id as "schoolId", class_id as "classId", class_name as "className",
            teacher_email as "teacherEmail", count(*)::int as rows
     from ${table} group by school_id, class_id, class_name, teacher_email`,
  );
  const { outside, doubtful } = rejectedOutside(groups, reading?.filter ?? {}, verdicts);
  if (outside.length > 0) await dropGroups(trx, table, outside);
  if (doubtful.length > 0) await protectWhole(trx, table, districtKey, doubtful);
  const { schools, classes, teachers, students } = left.counts;
  const rejected = outside.reduce((sum, group) => sum + group.rows, 0);
  return { rows: left.rows, rejected, schools, classes, teachers, students };
}

/** A cell that can be read is never empty, so '' stands for one that cannot: equal parts can be hashed. */
async function dropGroups(trx: Db, table: string, groups: readonly Group[]): Promise<void> {
  const columns = [
    groups.map(({ schoolId }) => schoolId ?? ''),
    groups.map(({ classId }) => classId ?? ''),
    groups.map(({ className }) => className ?? ''),
    groups.map(({ teacherEmail }) => teacherEmail ?? ''),
  ];
  await execute(
    trx,
    `delete from ${table} r
     using unnest(?::text[], ?::text[], ?::text[], ?::text[]) as o (school, class, name, teacher)
     where coalesce(r.school_id, '') = o.school and coalesce(r.class_id, '') = o.class
       and coalesce(r.class_name, '') = o.name and coalesce(r.teacher_email, '') = o.teacher`,
    columns,
  );
}

/** As a row does of which nothing but the class can be read. */
async function protectWhole(
  trx: Db,
  table: string,
  districtKey: number,
  classes: readonly string[],
): Promise<void> {
  await execute(
    trx,
    `insert into ${table} (school_id, class_id)
     select s.school_id, c.class_id
     from rollcall.classes c join rollcall.schools s on s.key = c.school_key
     where c.district_key = ? and c.active and c.class_id = any (?::text[])`,
    [districtKey, classes],
  );
}
