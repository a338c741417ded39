/** The sample district on the day of its first upload. */
import type { GradeLevel } from '../../roster/grades.js';
import type { Model, SchoolClass, Student } from './model.js';
import { AWKWARD_NAMES } from './names.js';
import { people } from './people.js';
import type { People, Person } from './people.js';
import { seeded } from './random.js';

export const STAFF_DOMAIN = 'maplevalley.example';
export const STUDENT_DOMAIN = 'students.maplevalley.example';

/** Classes of one grade; each of its sections takes a part of the grade. */
interface Offer {
  readonly grade: GradeLevel;
  readonly students: number;
  readonly sections: number;
  readonly subjects: readonly string[];
}
interface SchoolPlan {
  readonly id: string;
  readonly name: string;
  readonly offers: readonly Offer[];
  /** Every so many classes have a co-teacher. */
  readonly coTaught: number;
}

const offers = (
  grades: readonly GradeLevel[],
  students: number,
  sections: number,
  subjects: readonly string[],
): Offer[] => grades.map((grade) => ({ grade, students, sections, subjects }));

const SCHOOLS: readonly SchoolPlan[] = [
  {
    id: '0101',
    name: 'Maple Grove Elementary School',
    coTaught: 5,
    offers: [
      ...offers(['PK', 'TK'], 9, 1, ['Homeroom']),
      ...offers(['K', '1', '2'], 16, 1, ['Homeroom']),
      ...offers(['3', '4', '5'], 16, 1, ['Homeroom', 'Science']),
    ],
  },
  {
    id: '0102',
    name: 'Río Vista School, K-8',
    coTaught: 4,
    offers: [
      ...offers(['K', '1', '2', '3', '4', '5'], 9, 1, ['Homeroom']),
      ...offers(['6', '7', '8'], 9, 1, ['Science', 'Math', 'English']),
    ],
  },
  {
    id: '0201',
    name: 'Stone Creek Middle School',
    coTaught: 6,
    offers: offers(['6', '7', '8'], 26, 2, ['Science', 'Math', 'English']),
  },
  {
    id: '0301',
    name: "Maple Valley High School - Founders' Campus",
    coTaught: 7,
    offers: [
      ...offers(['9'], 28, 2, ['Biology', 'Algebra I', 'English 9']),
      ...offers(['10'], 28, 2, ['Chemistry', 'Geometry', 'English 10']),
      ...offers(['11'], 28, 2, ['Physics', 'Algebra II', 'English 11']),
      ...offers(['12'], 24, 2, ['Earth & Space Science', 'Statistics', 'English 12']),
    ],
  },
  {
    id: '0009',
    name: 'The "Little Red" Schoolhouse',
    coTaught: 2,
    offers: [...offers(['PK', 'K'], 6, 1, ['Homeroom']), ...offers(['UG'], 5, 1, ['Life Skills'])],
  },
];

const SEED = 20_260_824;
/** One teacher has this many classes at most. */
const LOAD = 3;

/** The same district every time. `more` makes further people for the nights after. */
export function firstDay(): { model: Model; more: People } {
  const more = people(seeded(SEED));
  const awkward = [...AWKWARD_NAMES];
  const schools = new Map<string, string>();
  const teachers = new Map<string, Person>();
  const students = new Map<string, Student>();
  const classes = new Map<string, SchoolClass>();

  const hire = (): string => {
    const teacher = more.next(STAFF_DOMAIN);
    teachers.set(teacher.email, teacher);
    return teacher.email;
  };
  // Every fifty-odd students, one with a name that needs care.
  const enroll = (grade: GradeLevel): string => {
    const name = students.size % 53 === 7 ? awkward.shift() : undefined;
    const student = { ...more.next(STUDENT_DOMAIN, name), grade };
    students.set(student.email, student);
    return student.email;
  };

  for (const { id: school, name, offers, coTaught } of SCHOOLS) {
    schools.set(school, name);
    const staff = staffRoom(hire);
    let number = 0;
    for (const { grade, students: size, sections, subjects } of offers) {
      const pupils = Array.from({ length: size }, () => enroll(grade));
      for (let section = 0; section < sections; section++) {
        const members = pupils.filter((_, n) => n % sections === section);
        for (const subject of subjects) {
          number++;
          const id = `${school}${String(number).padStart(3, '0')}`;
          const main = staff.teacherOf(subject);
          const shared = number % coTaught === 0 ? [main, staff.teacherOf('support')] : [main];
          classes.set(id, {
            id,
            name: nameClass(subject, grade, section, sections),
            school,
            teachers: shared,
            students: members,
          });
        }
      }
    }
  }
  return { model: { schools, teachers, students, classes }, more };
}

/** A teacher keeps to a subject and takes a few classes; a homeroom has one of its own. */
function staffRoom(hire: () => string): { teacherOf(subject: string): string } {
  const busy = new Map<string, { email: string; classes: number }>();
  return {
    teacherOf: (subject) => {
      const load = subject === 'Homeroom' ? 1 : LOAD;
      const area = subject.replace(/ [\dI]+$/, '');
      let teacher = busy.get(area);
      if (teacher === undefined || teacher.classes >= load) {
        teacher = { email: hire(), classes: 0 };
        busy.set(area, teacher);
      }
      teacher.classes++;
      return teacher.email;
    },
  };
}

function nameClass(subject: string, grade: GradeLevel, section: number, sections: number): string {
  const named = /\d|I$/.test(subject) ? subject : `${subject} ${grade}`;
  return sections === 1 ? named : `${named}, Period ${section + 1}`;
}
