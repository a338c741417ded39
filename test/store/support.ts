/** What the store's tests share: a district, rows, and a night from staging to applying. */
import { createHash } from 'node:crypto';
import type { RosterRow } from '../../roster/columns.js';
import { applyPlan } from '../../store/apply.js';
import { addDistrict } from '../../store/config/districts.js';
import type { Db } from '../../store/db.js';
import { makePlan } from '../../store/plan.js';
import { openRun, recordFetch } from '../../store/runs.js';
import { planUndo } from '../../store/undo.js';
import { stageRows } from './as-file.js';
import type {
  District,
  DistrictInput,
  Kind,
  ReadableCells,
  Reading,
  RunRef,
} from '../../store/types.js';
import type { Planned } from '../../workflows/contract.js';

let made = 0;

export function newDistrict(db: Db, input: Partial<DistrictInput> = {}): Promise<District> {
  made += 1;
  return addDistrict(db, {
    id: `district-${made}`,
    name: 'Maple Valley',
    contact: 'contact@maple.example',
    seats: 1000,
    timeZone: 'America/New_York',
    nightlyAt: '03:30',
    ...input,
  });
}

/** `student` in `klass` of `teacher` at `school`; every other cell follows from those. */
export function row(
  school: string,
  teacher: string,
  klass: string,
  student: string,
  more: Partial<RosterRow> = {},
): RosterRow {
  return {
    schoolId: school,
    schoolName: `School ${school}`,
    teacherEmail: `${teacher}@t.example`,
    teacherFirstName: `Tea ${teacher}`,
    teacherLastName: `Cher ${teacher}`,
    classId: klass,
    className: `Class ${klass}`,
    studentFirstName: `Stu ${student}`,
    studentLastName: `Dent ${student}`,
    studentEmail: `${student}@s.example`,
    studentGradeLevel: '5',
    ...more,
  };
}

/** The same row, rejected, with these cells lost. */
export const rejected = (of: RosterRow, ...lost: (keyof RosterRow)[]): Rejected => ({
  rejected: { ...of, ...Object.fromEntries(lost.map((cell) => [cell, null])) },
});
export interface Rejected {
  readonly rejected: ReadableCells;
}
export type FileRow = RosterRow | Rejected;

export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

let occasions = 0;

/** Opens a run and stages `rows` as its file; the same rows are the same file. */
export async function stage(
  db: Db,
  district: string,
  rows: readonly FileRow[],
  reading?: Partial<Reading>,
): Promise<RunRef> {
  const ref = await fetched(db, district, rows);
  await stageRows(db, ref, rows, reading && { reading });
  return ref;
}

/** Opens a run and notes its file as fetched; nothing is staged. */
export async function fetched(db: Db, district: string, rows: readonly FileRow[]): Promise<RunRef> {
  occasions += 1;
  const occasion = `night ${occasions}`;
  const { run } = await openRun(db, { district, workflowId: `sync/${occasion}`, occasion });
  const ref = { district, run };
  await recordFetch(db, ref, {
    sha256: sha(JSON.stringify(rows)),
    bytes: 100,
    modifiedAt: Date.UTC(2026, 10, occasions % 28),
  });
  return ref;
}

export interface Planning extends RunRef {
  readonly plan: Planned;
}

export async function plan(
  db: Db,
  district: string,
  rows: readonly FileRow[],
  reading?: Partial<Reading>,
): Promise<Planning> {
  const ref = await stage(db, district, rows, reading);
  return { ...ref, plan: await makePlan(db, ref) };
}

/** A whole night; held or not, the plan is applied. */
export async function night(
  db: Db,
  district: string,
  rows: readonly FileRow[],
  reading?: Partial<Reading>,
): Promise<Planning> {
  const planned = await plan(db, district, rows, reading);
  await applyPlan(db, planned, { planHash: planned.plan.planHash, by: 'test' });
  return planned;
}

export interface Views {
  readonly schools: Record<string, unknown>[];
  readonly teachers: Record<string, unknown>[];
  readonly students: Record<string, unknown>[];
  readonly classes: Record<string, unknown>[];
  readonly class_teachers: Record<string, unknown>[];
  readonly enrollments: Record<string, unknown>[];
}

const ORDER: Record<keyof Views, string> = {
  schools: 'school_id',
  teachers: 'email',
  students: 'email',
  classes: 'class_id',
  class_teachers: 'class_id, teacher_email',
  enrollments: 'class_id, student_email',
};

/** The public views of a district, whole, in the order of their keys. */
export async function views(db: Db, district: string): Promise<Views> {
  const read = async (name: keyof Views) => {
    const order = ORDER[name].replaceAll(/(\w+)/g, '$1 collate "C"');
    const answer = await db.raw<{ rows: Record<string, unknown>[] }>(
      `select * from roster.${name} where district_id = ? order by ${order}`,
      [district],
    );
    return answer.rows;
  };
  return {
    schools: await read('schools'),
    teachers: await read('teachers'),
    students: await read('students'),
    classes: await read('classes'),
    class_teachers: await read('class_teachers'),
    enrollments: await read('enrollments'),
  };
}

const short = (value: unknown): string => String(value).replace(/@[st]\.example$/, '');

/** The keys of what is active, short: `students: ['ann', …]`, `enrollments: ['c1:ann', …]`. */
export async function active(db: Db, district: string): Promise<Record<keyof Views, string[]>> {
  const all = await views(db, district);
  const keys = (name: keyof Views): string[] =>
    all[name]
      .filter((one) => one['active'])
      .map((one) =>
        ORDER[name]
          .split(', ')
          .map((column) => short(one[column]))
          .join(':'),
      );
  return {
    schools: keys('schools'),
    teachers: keys('teachers'),
    students: keys('students'),
    classes: keys('classes'),
    class_teachers: keys('class_teachers'),
    enrollments: keys('enrollments'),
  };
}

/** The changes of a run's plan, kind by kind and key by key. */
export async function planChanges(
  db: Db,
  { district, run }: RunRef,
  kind: Kind | null = null,
): Promise<Record<string, unknown>[]> {
  const answer = await db.raw<{ rows: Record<string, unknown>[] }>(
    `select c.kind, c.action, c.key, c.other, c.school, c.old, c.new from rollcall.plan_lines c
     join rollcall.districts d on d.key = c.district_key
     where d.id = ? and c.run = ? and c.kind = coalesce(?, c.kind)
     order by array_position(array['schools', 'teachers', 'classes', 'classTeachers', 'students',
                                   'enrollments'], c.kind), c.key, c.other`,
    [district, run, kind],
  );
  return answer.rows;
}

/** Opens the run that undoes another one. */
export async function stageUndo(
  db: Db,
  district: string,
  undoes: number,
): Promise<RunRef & { undoes: number }> {
  occasions += 1;
  const occasion = `undo ${occasions}`;
  const opening = {
    district,
    workflowId: `undo/${occasion}`,
    occasion,
    kind: 'undo',
    undoes,
  } as const;
  const { run } = await openRun(db, opening);
  return { district, run, undoes };
}

/** Undoes a run, whole. */
export async function undo(db: Db, district: string, undoes: number): Promise<Planning> {
  const ref = await stageUndo(db, district, undoes);
  const plan = await planUndo(db, ref);
  await applyPlan(db, ref, { planHash: plan.planHash, by: 'test' });
  return { ...ref, plan };
}
