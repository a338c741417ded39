import type { Kind } from '../roster/plan-types.js';

/** The tables behind each kind. */
export const TABLES: Readonly<Record<Kind, string>> = {
  schools: 'schools',
  teachers: 'teachers',
  classes: 'classes',
  classTeachers: 'class_teachers',
  students: 'students',
  enrollments: 'enrollments',
};
