/**
 * The statements that carry a plan's changes into the roster. Each takes `d` (district, run) and
 * touches exactly the rows of one kind and action; the caller compares the counts with the plan.
 */
import type { Action, Kind } from '../types.js';

export interface Step {
  readonly kind: Kind;
  readonly actions: readonly Action[];
  readonly sql: string;
}

const PLAN = 'with d as (select ?::int as key, ?::int as run)';

/** The plan's changes as `c`, of one kind and some actions. */
const changes = (kind: Kind, ...actions: Action[]): string => `
  rollcall.plan_changes c join d on d.key = c.district_key and d.run = c.run
  and c.kind = '${kind}' and c.action in (${actions.map((one) => `'${one}'`).join(', ')})`;

const step = (kind: Kind, actions: Action[], sql: string): Step => ({
  kind,
  actions,
  sql: `${PLAN} ${sql}`,
});

const GOES: Action[] = ['deactivated'];
const STAYS: Action[] = ['changed', 'reactivated'];
const COMES: Action[] = ['added'];

const leave = (kind: Kind, table: string, id: string): Step =>
  step(
    kind,
    GOES,
    `update rollcall.${table} r set active = false from ${changes(kind, ...GOES)}
     where r.district_key = d.key and r.${id} = c.key and r.active`,
  );

const schools: readonly Step[] = [
  step(
    'schools',
    COMES,
    `insert into rollcall.schools (district_key, school_id, name)
     select d.key, c.key, c.new->>'name' from ${changes('schools', ...COMES)} order by c.seq`,
  ),
  step(
    'schools',
    STAYS,
    `update rollcall.schools r set active = true, name = c.new->>'name'
     from ${changes('schools', ...STAYS)}
     where r.district_key = d.key and r.school_id = c.key
       and r.active = (c.action = 'changed')`,
  ),
  leave('schools', 'schools', 'school_id'),
];

const people = (kind: 'teachers' | 'students'): readonly Step[] => {
  const graded = kind === 'students';
  return [
    step(
      kind,
      COMES,
      `insert into rollcall.${kind} (district_key, email, first_name, last_name
         ${graded ? ', grade_level' : ''})
       select d.key, c.key, c.new->>'first_name', c.new->>'last_name'
         ${graded ? `, c.new->>'grade_level'` : ''}
       from ${changes(kind, ...COMES)} order by c.seq`,
    ),
    step(
      kind,
      STAYS,
      `update rollcall.${kind} r set active = true,
         first_name = c.new->>'first_name', last_name = c.new->>'last_name'
         ${graded ? `, grade_level = c.new->>'grade_level'` : ''}
       from ${changes(kind, ...STAYS)}
       where r.district_key = d.key and r.email = c.key
         and r.active = (c.action = 'changed')`,
    ),
    leave(kind, kind, 'email'),
  ];
};

const classes: readonly Step[] = [
  step(
    'classes',
    COMES,
    `insert into rollcall.classes (district_key, class_id, school_key, name)
     select d.key, c.key, s.key, c.new->>'name' from ${changes('classes', ...COMES)}
     join rollcall.schools s on s.district_key = d.key and s.school_id = c.new->>'school_id'
     order by c.seq`,
  ),
  step(
    'classes',
    STAYS,
    `update rollcall.classes r set active = true, name = c.new->>'name', school_key = s.key
     from ${changes('classes', ...STAYS)}
     join rollcall.schools s on s.district_key = d.key and s.school_id = c.new->>'school_id'
     where r.district_key = d.key and r.class_id = c.key
       and r.active = (c.action = 'changed')`,
  ),
  leave('classes', 'classes', 'class_id'),
];

const pairs = (
  kind: 'classTeachers' | 'enrollments',
  table: string,
  people: string,
  who: string,
): readonly Step[] => {
  const keys = (...actions: Action[]): string => `
    ${changes(kind, ...actions)}
    join rollcall.classes k on k.district_key = d.key and k.class_id = c.key
    join rollcall.${people} p on p.district_key = d.key and p.email = c.other`;
  const flip = (action: Action, active: boolean): Step =>
    step(
      kind,
      [action],
      `update rollcall.${table} r set active = ${active} from ${keys(action)}
       where r.district_key = d.key and r.class_key = k.key and r.${who} = p.key
         and r.active = ${!active}`,
    );
  return [
    step(
      kind,
      COMES,
      `insert into rollcall.${table} (district_key, class_key, ${who})
       select d.key, k.key, p.key from ${keys(...COMES)} order by k.key, p.key`,
    ),
    flip('reactivated', true),
    flip('deactivated', false),
  ];
};

/** What others point at comes first. */
export const STEPS: readonly Step[] = [
  ...schools,
  ...people('teachers'),
  ...classes,
  ...pairs('classTeachers', 'class_teachers', 'teachers', 'teacher_key'),
  ...people('students'),
  ...pairs('enrollments', 'enrollments', 'students', 'student_key'),
];
