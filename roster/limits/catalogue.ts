/**
 * Every limit, once: its name, what it measures, what it allows where a district says nothing, and
 * what support can do about it. docs/decisions/0022 has the reasons for the numbers.
 */
import { COUNTED, type Counted, type KindFacts, type PlanFacts } from '../plan-types.js';
import type { Measure } from './bounds.js';

export const LIMIT_NAMES = [
  'students-removed',
  'classes-removed',
  'teachers-removed',
  'students-added',
  'classes-added',
  'teachers-added',
  'id-churn',
  'name-churn',
  'rows-down',
  'error-rate',
  'seats-exceeded',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** Fewer than this are never held: a family that moves is no broken export. */
export interface Floor {
  readonly district: number;
  readonly school: number;
}
export interface LimitDefault {
  readonly percent: number;
  readonly floor: Floor;
  /** Whether each school is judged, too; files and licences have no schools. */
  readonly schools: boolean;
  /** What is counted, for people. */
  readonly words: string;
  readonly advice: string;
}

const LEAVING: Floor = { district: 3, school: 5 };
const CHURN: Floor = { district: 5, school: 5 };
/** A class has as many rows. */
const ROWS: Floor = { district: 20, school: 20 };
/** Nobody loses anything by these. */
const HARMLESS: Floor = { district: 10, school: 10 };

const removed = (what: string): LimitDefault => ({
  percent: 10,
  floor: LEAVING,
  schools: true,
  words: `${what} removed`,
  advice: 'Ask the district whether its export is whole: approve if they have really left.',
});
const added = (what: string): LimitDefault => ({
  percent: 25,
  floor: HARMLESS,
  schools: true,
  words: `${what} added`,
  advice:
    'Ask the district whether all of them are to use the product: approve, or have it send only those.',
});

export const LIMITS: Readonly<Record<LimitName, LimitDefault>> = {
  'students-removed': removed('students'),
  'classes-removed': removed('classes'),
  'teachers-removed': removed('teachers'),
  'students-added': added('students'),
  'classes-added': added('classes'),
  'teachers-added': added('teachers'),
  'id-churn': {
    percent: 5,
    floor: CHURN,
    schools: true,
    words: 'gone under one id and new under another, with the same names',
    advice:
      'The ids of the export have probably changed. If that is a mistake, reject; if you approve, they begin anew, without their work.',
  },
  'name-churn': {
    percent: 10,
    floor: HARMLESS,
    schools: true,
    words: 'with another name under the same id',
    advice:
      'A column may have been sorted or moved alone, or ids given to others: look at some before you approve.',
  },
  'rows-down': {
    percent: 20,
    floor: ROWS,
    schools: false,
    words: 'rows fewer than in the last accepted file',
    advice: 'The file may be cut short: ask for a whole one, or approve.',
  },
  'error-rate': {
    percent: 2,
    floor: LEAVING,
    schools: false,
    words: 'rows left out for their errors',
    advice:
      'Nobody is removed because of them; `report` says what they need. Approve to load the rest.',
  },
  'seats-exceeded': {
    percent: 0,
    floor: { district: 1, school: 1 },
    schools: false,
    words: 'seats in use',
    advice:
      'Approve if the licence may be exceeded; else have the district make room. `district set ID --seats` or `--seat-buffer` allows more from the next file on.',
  },
};

/** One thing to judge of one kind; a limit may watch several. */
export interface Rule {
  readonly limit: LimitName;
  readonly kind: Counted;
  readonly measure: (kind: KindFacts, facts: Pick<PlanFacts, 'first'>) => Measure;
}

const NOTHING: Measure = { now: 0, earlier: 0, of: 0 };

/** Of those who were there before the window's runs took some away. */
const leaving: Rule['measure'] = ({ removed, removedEarlier, before }) => ({
  now: removed,
  earlier: removedEarlier,
  of: before + removedEarlier,
});
/** Of those who were there before the window's runs brought some; a first load is no news. */
const coming: Rule['measure'] = ({ added, addedEarlier, before }, { first }) =>
  first ? NOTHING : { now: added, earlier: addedEarlier, of: before - addedEarlier };
const newIds: Rule['measure'] = ({ newIds, before }) => ({ now: newIds, earlier: 0, of: before });
const newNames: Rule['measure'] = ({ newNames, before }) => ({
  now: newNames,
  earlier: 0,
  of: before,
});

/** In the order in which they are told. */
export const KIND_RULES: readonly Rule[] = [
  ...COUNTED.map((kind) => ({ limit: `${kind}-removed` as const, kind, measure: leaving })),
  ...COUNTED.map((kind) => ({ limit: `${kind}-added` as const, kind, measure: coming })),
  ...COUNTED.map((kind) => ({ limit: 'id-churn' as const, kind, measure: newIds })),
  ...COUNTED.map((kind) => ({ limit: 'name-churn' as const, kind, measure: newNames })),
];

/** What is judged of the file as a whole. */
export const FILE_RULES: readonly {
  readonly limit: LimitName;
  readonly measure: (facts: PlanFacts) => Measure;
}[] = [
  {
    limit: 'rows-down',
    measure: ({ rows: { now, last } }) =>
      last === null ? NOTHING : { now: last - now, earlier: 0, of: last },
  },
  {
    limit: 'error-rate',
    measure: ({ rows: { inside, rejected } }) => ({ now: rejected, earlier: 0, of: inside }),
  },
];
