/**
 * Which rejected rows are about classes outside a filter: those protect nobody, as the filter takes
 * out whom they describe, good or bad. Where a row may be about a class inside, it protects as ever.
 */
import { filterTest, type RosterFilter } from '../filter.js';
import type { Verdict } from './inside.js';

/** What can be read of one or more rejected rows; null: nothing. */
export interface RejectedGroup {
  readonly schoolId: string | null;
  readonly classId: string | null;
  readonly className: string | null;
  readonly teacherEmail: string | null;
}

export interface RejectedOutside<Group> {
  readonly outside: readonly Group[];
  /**
   * Ids of classes whose good rows are outside for want of a teacher, while a bad row may name one
   * who would let them in: what stands of those classes must stay.
   */
  readonly doubtful: readonly string[];
}

/** @param verdicts on the classes of the accepted rows, by id */
export function rejectedOutside<Group extends RejectedGroup>(
  groups: readonly Group[],
  filter: RosterFilter,
  verdicts: ReadonlyMap<string, Verdict>,
): RejectedOutside<Group> {
  const { passes, asks } = filterTest(filter);
  const may = (kind: Parameters<typeof passes>[0], value: string | null): boolean =>
    value === null || passes(kind, value);
  const mayTeach = ({ teacherEmail }: Group): boolean => may('teachers', teacherEmail);

  const byClass = new Map<string, Group[]>();
  const outside: Group[] = [];
  for (const group of groups) {
    const { classId, schoolId, className } = group;
    if (classId !== null) byClass.set(classId, [...(byClass.get(classId) ?? []), group]);
    // Of its class there may be other teachers, so the teacher alone settles nothing.
    else if (!may('schools', schoolId) || !may('classNames', className)) outside.push(group);
  }
  const doubtful: string[] = [];
  for (const [classId, all] of byClass) {
    const verdict = verdicts.get(classId) ?? ofBadRows(classId, all);
    if (verdict === 'no-teacher' && all.some(mayTeach)) doubtful.push(classId);
    else if (verdict !== 'inside') outside.push(...all);
  }
  return { outside, doubtful };

  /** A class without a good row: each of its cells is right on one of the rows, perhaps. */
  function ofBadRows(classId: string, all: readonly Group[]): Verdict {
    const maybe =
      passes('classes', classId) &&
      all.some(({ schoolId }) => may('schools', schoolId)) &&
      all.some(({ className }) => may('classNames', className)) &&
      (!asks('teachers') || all.some(mayTeach));
    return maybe ? 'inside' : 'outside';
  }
}
