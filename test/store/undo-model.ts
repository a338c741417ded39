/**
 * Who made each single value what it is, in plain JavaScript and not from the SQL: each touch of a
 * value is a node that knows what was there before. An undo's node stands for the node below the
 * one that it undid, so that what lies deeper can be undone through it.
 */
import type { Views } from './support.js';

/** `students|<id>|email` → `p1@s.example`; by ids, as natural keys may change. */
export type State = ReadonlyMap<string, string>;

export function stateOf(views: Views): State {
  const state = new Map<string, string>();
  const ids = idsOf(views);
  const put = (view: string, key: string, row: object): void => {
    for (const [name, value] of Object.entries(row)) {
      state.set(`${view}|${key}|${name}`, String(value));
    }
  };
  for (const view of ['schools', 'teachers', 'students', 'classes'] as const) {
    for (const { id, district_id: _, ...row } of views[view]) {
      const school = view === 'classes' && {
        school_id: ids(`schools ${String(row['school_id'])}`),
      };
      put(view, String(id), { ...row, ...school });
    }
  }
  for (const [view, people, email] of PAIRS) {
    for (const row of views[view]) {
      const klass = ids(`classes ${String(row['class_id'])}`);
      const key = `${klass} ${ids(`${people} ${String(row[email])}`)}`;
      put(view, key, { active: row['active'] });
    }
  }
  return state;
}

const PAIRS = [
  ['class_teachers', 'teachers', 'teacher_email'],
  ['enrollments', 'students', 'student_email'],
] as const;
const KEYS = { schools: 'school_id', teachers: 'email', students: 'email', classes: 'class_id' };

/** `students p1@s.example` → the id. */
export function idsOf(views: Views): (name: string) => string {
  const ids = new Map<string, string>();
  for (const [view, key] of Object.entries(KEYS)) {
    for (const row of views[view as keyof typeof KEYS]) {
      ids.set(`${view} ${String(row[key])}`, String(row['id']));
    }
  }
  return (name) => ids.get(name) ?? `nobody called ${name}`;
}

interface Node {
  readonly value: string;
  readonly run: number;
  /** Null: there was no such value before. */
  readonly before: Node | null;
  /** Of an undo: the run that it undid, and what its value stands for. */
  readonly undoes?: number;
  readonly standsFor?: Node;
}
export type Makers = Map<string, Node>;

const NOWHERE: Node = { value: 'false', run: 0, before: null };

/** After a night: whatever is another value now was made by its run. */
export function nightPassed(makers: Makers, run: number, now: State): void {
  for (const [key, value] of now) {
    const known = makers.get(key);
    if (known?.value === value) continue;
    const before = known ?? (key.endsWith('|active') ? NOWHERE : null);
    makers.set(key, { value, run, before });
  }
}

export interface ToPutBack {
  /** What each value that the run still stands behind was before it. */
  readonly owned: ReadonlyMap<string, Node>;
  /** Values that the run changed and another one has changed since. */
  readonly lost: ReadonlySet<string>;
}

export function toPutBack(makers: Makers, run: number): ToPutBack {
  const owned = new Map<string, Node>();
  const lost = new Set<string>();
  for (const [key, node] of makers) {
    let at: Node | undefined = node;
    let isDone = false;
    while (at && at.run !== run) {
      isDone ||= at.undoes === run;
      at = at.standsFor;
    }
    if (at?.before) owned.set(key, at.before);
    else if (!at && !isDone && wasTouched(node, run)) lost.add(key);
  }
  return { owned, lost };
}

function wasTouched(node: Node, run: number): boolean {
  for (let at: Node | null = node; at; at = at.before) {
    if (at.run === run && at.before) return true;
  }
  return false;
}

export function putBack(makers: Makers, key: string, undo: { run: number; undoes: number }): void {
  const node = makers.get(key)!;
  let at: Node = node;
  while (at.run !== undo.undoes) at = at.standsFor!;
  const standsFor = at.before!;
  makers.set(key, { value: standsFor.value, before: node, standsFor, ...undo });
}

/** No active pair of an inactive class or person, no active class of an inactive school, no key twice. */
export function isWhole(state: State): boolean {
  const taken = new Set<string>();
  const active = (view: string, key: string): boolean =>
    state.get(`${view}|${key}|active`) === 'true';
  for (const [name, value] of state) {
    const [view = '', key = '', attr] = name.split('|');
    if (attr === KEYS[view as keyof typeof KEYS]) {
      if (taken.has(`${view} ${value}`)) return false;
      taken.add(`${view} ${value}`);
    }
    if (attr !== 'active' || value !== 'true') continue;
    const [klass = '', person = ''] = key.split(' ');
    if (view === 'classes' && !active('schools', state.get(`classes|${key}|school_id`) ?? '')) {
      return false;
    }
    if (view === 'enrollments' && !(active('classes', klass) && active('students', person))) {
      return false;
    }
    if (view === 'class_teachers' && !(active('classes', klass) && active('teachers', person))) {
      return false;
    }
  }
  return true;
}
