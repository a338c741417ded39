/**
 * A district's limits as they are set and shown: one short text a name, such as `10%`, `30` or
 * `off`, so that what is stored, typed and printed is the same.
 */
import type { Bound } from './bounds.js';
import { LIMIT_NAMES, LIMITS, type Floor, type LimitName } from './catalogue.js';

const SCHOOL = 'school:';
const isSchools = (name: LimitName): boolean => LIMITS[name].schools;

/** Everything that can be set, in the order in which it is shown. */
export const LIMIT_SETTINGS: readonly string[] = [
  ...LIMIT_NAMES,
  ...LIMIT_NAMES.filter(isSchools).map((name) => `${SCHOOL}${name}`),
  'floor',
  `${SCHOOL}floor`,
  'window',
  'seat-buffer',
];

/** What a district has set itself, by the name of the setting. */
export type OwnLimits = Readonly<Record<string, string>>;

/** What a plan is judged by. */
export interface Limits {
  /** Null: not judged. */
  readonly bounds: Readonly<
    Record<LimitName, { readonly district: Bound | null; readonly school: Bound | null }>
  >;
  readonly floors: Readonly<Record<LimitName, Floor>>;
  /** How far back runs count; 0: only the plan itself. */
  readonly windowDays: number;
  /** Seats beyond the licence: the greater of both. */
  readonly seatBuffer: { readonly count: number; readonly percent: number };
}

export const LONGEST_WINDOW = 90;

const BOUND = /^(?:(\d{1,3}(?:\.\d{1,3})?)%|(\d{1,9}))$/;
const FLOOR = /^\d{1,6}$/;
const WINDOW = /^(\d{1,2})d$/;

/** What is wrong with a value, or null; the name must be one of `LIMIT_SETTINGS`. */
export function whyNoLimit(name: string, value: string): string | null {
  if (name === 'seats-exceeded') {
    return value === 'off' ? null : 'it can only be off; "seat-buffer" says how much it allows';
  }
  if (name === 'window') return readWindow(value) === null ? WINDOW_WANTED : null;
  if (name === 'seat-buffer') return readBuffer(value) === null ? BUFFER_WANTED : null;
  if (name === 'floor' || name === `${SCHOOL}floor`) return FLOOR.test(value) ? null : FLOOR_WANTED;
  return readBound(value) === undefined ? BOUND_WANTED : null;
}
const BOUND_WANTED = 'write a share from 0% to 100% (10%), a whole number (30), or off';
const FLOOR_WANTED = 'write a whole number, such as 5; fewer than that are never held';
const WINDOW_WANTED = `write days from 1d to ${LONGEST_WINDOW}d, or off`;
const BUFFER_WANTED = 'write a number of seats (25), a share (5%), both (25,5%), or off';

/** Null: off. Undefined: no bound at all. */
function readBound(value: string): Bound | null | undefined {
  if (value === 'off') return null;
  const [, share, count] = BOUND.exec(value) ?? [];
  if (count !== undefined) return { unit: 'count', most: Number(count) };
  if (share === undefined || Number(share) > 100) return undefined;
  return { unit: 'percent', most: Number(share) };
}

function readWindow(value: string): number | null {
  if (value === 'off') return 0;
  const days = Number(WINDOW.exec(value)?.[1] ?? 0);
  return days >= 1 && days <= LONGEST_WINDOW ? days : null;
}

function readBuffer(value: string): Limits['seatBuffer'] | null {
  if (value === 'off') return { count: 0, percent: 0 };
  const bounds = value.split(',').map(readBound);
  const units = new Set(bounds.map((bound) => bound?.unit));
  if (bounds.some((bound) => !bound) || units.size < bounds.length) return null;
  const most = (unit: Bound['unit']) => bounds.find((bound) => bound?.unit === unit)?.most ?? 0;
  return { count: most('count'), percent: most('percent') };
}

const shown = (bound: Bound | null): string =>
  bound === null ? 'off' : `${bound.most}${bound.unit === 'percent' ? '%' : ''}`;

const defaultBound = (name: LimitName): Bound =>
  name === 'seats-exceeded'
    ? { unit: 'count', most: 0 }
    : { unit: 'percent', most: LIMITS[name].percent };

/** What a district's own settings come to. What cannot be read, which nobody could set, is default. */
export function readLimits(own: OwnLimits): Limits {
  const bound = (setting: string, otherwise: Bound | null): Bound | null => {
    const found = readBound(own[setting] ?? '');
    return found === undefined ? otherwise : found;
  };
  const floor = (setting: string, otherwise: number): number =>
    FLOOR.test(own[setting] ?? '') ? Number(own[setting]) : otherwise;
  const each = <T>(of: (name: LimitName) => T) =>
    Object.fromEntries(LIMIT_NAMES.map((name) => [name, of(name)])) as Record<LimitName, T>;
  return {
    bounds: each((name) => {
      const district = bound(name, defaultBound(name));
      if (!isSchools(name)) return { district, school: null };
      // A share that suits the district suits its schools; a number does not.
      const school = district?.unit === 'count' ? defaultBound(name) : district;
      return { district, school: bound(`${SCHOOL}${name}`, school) };
    }),
    floors: each((name) => ({
      district: floor('floor', LIMITS[name].floor.district),
      school: floor(`${SCHOOL}floor`, LIMITS[name].floor.school),
    })),
    windowDays: readWindow(own['window'] ?? '') ?? 7,
    seatBuffer: readBuffer(own['seat-buffer'] ?? '') ?? { count: 0, percent: 0 },
  };
}

/** Where a district says nothing. */
export const DEFAULT_LIMITS: Limits = Object.freeze(readLimits({}));

const FLOORS = 'by limit';

/** Every setting as it counts, in the words in which it is set. */
export function shownLimits(own: OwnLimits): Record<string, string> {
  const { bounds, windowDays, seatBuffer } = readLimits(own);
  const { count, percent } = seatBuffer;
  const parts = [...(count > 0 ? [`${count}`] : []), ...(percent > 0 ? [`${percent}%`] : [])];
  return Object.fromEntries([
    ...LIMIT_NAMES.map((name) => [
      name,
      name === 'seats-exceeded' ? seats(own) : shown(bounds[name].district),
    ]),
    ...LIMIT_NAMES.filter(isSchools).map((name) => [
      `${SCHOOL}${name}`,
      shown(bounds[name].school),
    ]),
    ['floor', own['floor'] ?? FLOORS],
    [`${SCHOOL}floor`, own[`${SCHOOL}floor`] ?? FLOORS],
    ['window', windowDays === 0 ? 'off' : `${windowDays}d`],
    ['seat-buffer', parts.join(',') || 'off'],
  ]) as Record<string, string>;
}
const seats = (own: OwnLimits): string => (own['seats-exceeded'] === 'off' ? 'off' : 'on');

/** Only what would be otherwise if the district had not set it. */
export function unusualLimits(own: OwnLimits): Record<string, string> {
  const all = Object.entries(shownLimits(own));
  return Object.fromEntries(
    all.filter(([name, value]) => {
      const { [name]: set, ...others } = own;
      return set !== undefined && value !== shownLimits(others)[name];
    }),
  );
}

/** The whole seats that a licence may be exceeded by. */
export const seatBuffer = ({ seatBuffer: { count, percent } }: Limits, licensed: number): number =>
  Math.max(count, Math.floor((licensed * Math.round(percent * 1_000)) / 100_000));
