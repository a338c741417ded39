/**
 * Other names under which student information systems export our columns. Each means one column
 * and nothing else: "Class" could be a name or an id, "Course ID" is shared by the classes of a
 * course. Case, spaces, underscores, hyphens and hidden
 * characters do not count, so each is written once.
 */
import type { Column } from './columns.js';

export const HEADER_NAMES: Readonly<Record<Column, readonly string[]>> = {
  school_id: [
    'School Code',
    'School Number',
    'School No',
    'School Num',
    'School Identifier',
    'School Sourced ID',
    'Building ID',
    'Building Code',
    'Building Number',
    'Site ID',
    'Site Code',
    'Campus ID',
    'Campus Code',
  ],
  school_name: ['School', 'Building Name', 'Site Name', 'Campus Name', 'School Title'],
  teacher_email: [
    'Teacher Email Address',
    'Teacher Mail',
    'Email Teacher',
    'Instructor Email',
    'Instructor Email Address',
    'Staff Email',
    'Staff Email Address',
    'Teacher 1 Email',
    "Teacher's Email",
    "Teacher's Email Address",
  ],
  teacher_first_name: [
    'Teacher First',
    'Teacher Given Name',
    'Teacher Forename',
    'Instructor First Name',
    'Staff First Name',
    'Teacher 1 First Name',
    "Teacher's First Name",
  ],
  teacher_last_name: [
    'Teacher Last',
    'Teacher Family Name',
    'Teacher Surname',
    'Instructor Last Name',
    'Staff Last Name',
    'Teacher 1 Last Name',
    "Teacher's Last Name",
  ],
  class_id: [
    'Class Code',
    'Class Number',
    'Class No',
    'Class Identifier',
    'Class Sourced ID',
    'Section ID',
    'Section Code',
    'Section Number',
    'Section No',
    'Section Identifier',
    'Section Sourced ID',
  ],
  class_name: [
    'Class Title',
    'Class Description',
    'Section Name',
    'Section Title',
    'Course Name',
    'Course Title',
    'Course Description',
  ],
  student_first_name: [
    'Student First',
    'Student Given Name',
    'Student Forename',
    'Pupil First Name',
    'Learner First Name',
    "Student's First Name",
  ],
  student_last_name: [
    'Student Last',
    'Student Family Name',
    'Student Surname',
    'Pupil Last Name',
    'Learner Last Name',
    "Student's Last Name",
  ],
  student_email: [
    'Student Email Address',
    'Student Mail',
    'Email Student',
    'Pupil Email',
    'Learner Email',
    "Student's Email",
    "Student's Email Address",
  ],
  student_grade_level: [
    'Grade',
    'Grade Level',
    'Student Grade',
    'Current Grade',
    'Current Grade Level',
    'Grade Lvl',
    'Student Grade Lvl',
    'Pupil Grade',
    "Student's Grade",
    'Year Level',
  ],
};

/**
 * Names that do not say whose they are. Where the teacher's own column stands beside one, and no
 * column of a third person, it can only be the student's.
 */
export const UNMARKED_NAMES = {
  student_first_name: {
    beside: 'teacher_first_name',
    names: ['First Name', 'Given Name', 'Forename'],
  },
  student_last_name: {
    beside: 'teacher_last_name',
    names: ['Last Name', 'Family Name', 'Surname'],
  },
  student_email: {
    beside: 'teacher_email',
    names: ['Email', 'Email Address', 'Mail', 'Mail Address'],
  },
} as const satisfies Partial<
  Record<Column, { readonly beside: Column; readonly names: readonly string[] }>
>;

/** Whose column it is, if a name has one of these in it. */
export const OTHER_PEOPLE =
  /parent|guardian|mother|father|contact|emergency|counsel|principal|advisor|adviser|household/i;
