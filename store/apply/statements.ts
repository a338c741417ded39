/**
 * The statements that carry a plan's changes into the roster. Each takes `d` (district, run, shard)
 * and touches exactly the rows of one kind and action; the caller compares the counts with the plan.
 * `d` is not materialised, so that all tables of other districts are left out at once.
 */
import type { Action, Kind } from '../types.js';

export interface Step {
  readonly kind: Kind;
  readonly actions: readonly Action[];
  readonly sql: string;
}

const PLAN = 'with d as not materialized (select ?::int as key, ?::int as run, ?::int as shard)';

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

/** What an undo makes inactive may get its old values with it: `sets`. */
const leave = (kind: Kind, sets: string): Step =>
  step(
    kind,
    GOES,
    `update rollcall.${kind} r set active = false, inactive_since = now(), ${sets}
     from ${changes(kind, ...GOES)}
     where r.district_key = d.key and r.key = c.entity and r.active`,
  );
const putBack = (column: string): string =>
  `${column} = coalesce(c.new->>'${column}', r.${column})`;

/**
 * Of what stays: an active one is changed, an inactive one comes back. Only an undo changes what
 * is inactive, and says so.
 */
const ACTIVE = `not jsonb_exists(c.new, 'active')`;
const AS_IT_SAYS = `active = ${ACTIVE},
  inactive_since = case when not (${ACTIVE}) then r.inactive_since end`;
const SAME = `r.district_key = d.key and r.key = c.entity
  and r.active = (c.action = 'changed' and ${ACTIVE})`;

const schools: readonly Step[] = [
  step(
    'schools',
    COMES,
    `insert into rollcall.schools (key, district_key, school_id, name)
     overriding system value
     select c.entity, d.key, c.key, c.new->>'name' from ${changes('schools', ...COMES)}
     order by c.seq`,
  ),
  step(
    'schools',
    STAYS,
    `update rollcall.schools r set ${AS_IT_SAYS}, name = c.new->>'name',
       school_id = coalesce(c.new->>'school_id', r.school_id)
     from ${changes('schools', ...STAYS)} where ${SAME}`,
  ),
  leave('schools', ['name', 'school_id'].map(putBack).join(', ')),
];

const people = (kind: 'teachers' | 'students'): readonly Step[] => {
  const graded = kind === 'students';
  return [
    step(
      kind,
      COMES,
      `insert into rollcall.${kind} (key, district_key, email, first_name, last_name
         ${graded ? ', grade_level, shard' : ''})
       overriding system value
       select c.entity, d.key, c.key, c.new->>'first_name', c.new->>'last_name'
         ${graded ? `, c.new->>'grade_level', d.shard` : ''}
       from ${changes(kind, ...COMES)} order by c.seq`,
    ),
    step(
      kind,
      STAYS,
      `update rollcall.${kind} r set ${AS_IT_SAYS},
         first_name = c.new->>'first_name', last_name = c.new->>'last_name',
         email = coalesce(c.new->>'email', r.email)
         ${graded ? `, grade_level = c.new->>'grade_level'` : ''}
       from ${changes(kind, ...STAYS)} where ${SAME}`,
    ),
    leave(
      kind,
      ['email', 'first_name', 'last_name', ...(graded ? ['grade_level'] : [])]
        .map(putBack)
        .join(', '),
    ),
  ];
};

const classes: readonly Step[] = [
  step(
    'classes',
    COMES,
    `insert into rollcall.classes (key, district_key, class_id, school_key, name, shard)
     select c.entity, d.key, c.key, s.key, c.new->>'name', d.shard from ${changes('classes', ...COMES)}
     join rollcall.schools s on s.district_key = d.key and s.school_id = c.new->>'school_id'
     order by c.seq`,
  ),
  step(
    'classes',
    STAYS,
    `update rollcall.classes r set ${AS_IT_SAYS}, name = c.new->>'name', school_key = s.key,
       class_id = coalesce(c.new->>'class_id', r.class_id)
     from ${changes('classes', ...STAYS)}
     join rollcall.schools s on s.district_key = d.key and s.school_id = c.new->>'school_id'
     where ${SAME}`,
  ),
  leave(
    'classes',
    `${putBack('name')}, ${putBack('class_id')}, school_key = coalesce(
       (select s.key from rollcall.schools s
        where s.district_key = d.key and s.school_id = c.new->>'school_id'), r.school_key)`,
  ),
];

const pairs = (
  kind: 'classTeachers' | 'enrollments',
  table: string,
  who: string,
): readonly Step[] => {
  const own = kind === 'enrollments';
  const of = (action: Action): string => `
    (select p.class_key, unnest(p.people) as person
     from rollcall.plan_pairs p join d on d.key = p.district_key and d.run = p.run
     where p.kind = '${kind}' and p.action = '${action}' order by p.class_key) c`;
  const flip = (action: Action, active: boolean): Step =>
    step(
      kind,
      [action],
      `update rollcall.${table} r set active = ${active} from d cross join ${of(action)}
       where r.district_key = d.key and r.class_key = c.class_key
         and r.${who} = c.person and r.active = ${!active}`,
    );
  return [
    step(
      kind,
      COMES,
      `insert into rollcall.${table} (district_key, class_key, ${who} ${own ? ', shard' : ''})
       select d.key, c.class_key, c.person ${own ? ', d.shard' : ''} from d cross join ${of('added')}`,
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
  ...pairs('classTeachers', 'class_teachers', 'teacher_key'),
  ...people('students'),
  ...pairs('enrollments', 'enrollments', 'student_key'),
];
