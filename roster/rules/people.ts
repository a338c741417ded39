/** The two kinds of people, and the columns that say who they are. */
export const PEOPLE_COLUMNS = [
  {
    role: 'teacher',
    key: 'teacher_email',
    first: 'teacher_first_name',
    last: 'teacher_last_name',
  },
  {
    role: 'student',
    key: 'student_email',
    first: 'student_first_name',
    last: 'student_last_name',
  },
] as const;
export type PersonColumns = (typeof PEOPLE_COLUMNS)[number];
