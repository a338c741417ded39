/**
 * What the accepted rows of a file say, each thing once and by small numbers: what a store needs
 * of them. A number is the place of a key among all that the file names, so there are gaps where
 * a key stands on rejected rows only.
 */
export interface FileSays {
  /** `only` these numbers, where it is given: then most of them need not be put into words. */
  schools(only?: ReadonlySet<number>): Iterable<SaidSchool>;
  teachers(only?: ReadonlySet<number>): Iterable<SaidTeacher>;
  classes(): Iterable<SaidClass>;
  students(only?: ReadonlySet<number>): Iterable<SaidStudent>;
  /** Rows that seemed good and that other rows, or the whole file, reject: each different one once. */
  rejected(): Iterable<RejectedKeys>;
}

/** Whom a rejected row describes; null for an id that names nothing. */
export interface RejectedKeys {
  /** The first such row's. */
  readonly line: number;
  readonly schoolId: string | null;
  readonly teacherEmail: string;
  readonly classId: string | null;
  /** Null where its rows disagree. */
  readonly className: string | null;
  readonly studentEmail: string;
}

interface Said {
  readonly n: number;
  /** Of the first accepted row that names it. */
  readonly line: number;
}
export interface SaidSchool extends Said {
  readonly schoolId: string;
  readonly name: string;
}
interface SaidPerson extends Said {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Of the person's classes; the first by id. */
  readonly school: number;
  /** All of them, where there are several. */
  readonly schools: readonly number[] | null;
}
export type SaidTeacher = SaidPerson;
export interface SaidStudent extends SaidPerson {
  /** Null: the file does not say a grade that is known. */
  readonly gradeLevel: string | null;
}
export interface SaidClass extends Said {
  readonly classId: string;
  readonly name: string;
  readonly school: number;
  /** Accepted ones, a student under two teachers twice. */
  readonly rows: number;
  /** Each once. */
  readonly teachers: readonly number[];
  /** Each once. A part of a larger array: read it before asking for the next class. */
  readonly students: Int32Array | readonly number[];
}
