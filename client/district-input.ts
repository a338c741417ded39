/** Checks what people say of a district, before anything is kept. Every error is a usage error. */
import { z } from 'zod';
import { usage } from './errors.js';
import { readLimits } from './limits-input.js';
import { didYouMean } from './near.js';
import { readTimeZone } from './time-zones.js';
import type { DistrictChange, NewDistrict } from './types.js';

/** Also a folder, an account and a part of workflow ids, hence so narrow. */
export function readDistrictId(id: string): string {
  if (/^[a-z0-9](?:-?[a-z0-9]){0,49}$/.test(id)) return id;
  throw usage(
    'BAD_DISTRICT_ID',
    'A district’s id has 1 to 50 small letters and digits, with single hyphens between, such as maple-valley.',
  );
}

function readName(name: string): string {
  const text = name.trim().normalize('NFC');
  if (text !== '' && text.length <= 200 && !/\p{Cc}/u.test(text)) return text;
  throw usage(
    'BAD_NAME',
    '--name: give the district’s name on one line, of at most 200 characters.',
  );
}

/** Strict, as this goes into the To line of every mail. */
function readContact(contact: string): string {
  const address = contact.trim();
  if (z.email().safeParse(address).success && address.length <= 254) return address;
  throw usage('BAD_CONTACT', '--contact: give one mail address, such as it@district.example.');
}

function readSeats(seats: number): number {
  if (Number.isSafeInteger(seats) && seats >= 1 && seats <= 10_000_000) return seats;
  throw usage('BAD_SEATS', '--seats: give a whole number of at least 1, such as 1200.');
}

/** Long enough for a school's longest holidays to be a choice, and not forever. */
const PURGE_AFTER = { least: 30, most: 3650 } as const;
/** The summer, and a little more. */
const SUMMER_DAYS = 120;

function readPurgeAfter(days: number): number {
  const { least, most } = PURGE_AFTER;
  if (Number.isSafeInteger(days) && days >= least && days <= most) return days;
  throw usage(
    'BAD_PURGE_AFTER',
    `--purge-after: give a whole number of days from ${least} to ${most}, such as 365.`,
  );
}

export function readNightlyAt(time: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return time;
  throw usage(
    'BAD_TIME',
    '--nightly-at: write hours and minutes from 00:00 to 23:59, such as 03:30.',
  );
}

/** The table has the same bounds. A year of nights is what a school year needs at the most. */
function readKeepFiles(days: number): number {
  if (Number.isSafeInteger(days) && days >= 1 && days <= 365) return days;
  throw usage('BAD_DAYS', '--keep-files: give a whole number of days from 1 to 365, such as 60.');
}

function readFileName(name: string): string {
  const temporary = /\.(filepart|part|tmp|swp)$|~$/i.test(name);
  // There our own folder is.
  if (name.toLowerCase() === 'reports') {
    throw usage('BAD_FILE_NAME', '--file: "reports" is the folder of our reports; give another.');
  }
  if (/^[^./\\\p{Cc}][^/\\\p{Cc}]{0,199}$/u.test(name) && !temporary) return name;
  throw usage(
    'BAD_FILE_NAME',
    '--file: give a plain file name without folders, such as roster.csv.',
  );
}

function readProducts(ids: readonly string[], known: readonly string[]): string[] {
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return [...new Set(ids)];
  throw usage(
    'PRODUCT_UNKNOWN',
    `There is no product "${unknown}".${didYouMean(unknown, known)} The configuration has: ${known.join(', ')}.`,
  );
}

/** The parts that were given, each in its right spelling. */
export function readDistrictChange(
  change: DistrictChange,
  knownProducts: readonly string[],
): DistrictChange {
  const { name, contact, seats, timeZone, nightlyAt, products, fileName, limits } = change;
  const { purgeAfterDays, keepFiles } = change;
  return {
    ...change,
    ...(name !== undefined && { name: readName(name) }),
    ...(contact !== undefined && { contact: readContact(contact) }),
    ...(seats !== undefined && { seats: readSeats(seats) }),
    ...(timeZone !== undefined && { timeZone: readTimeZone(timeZone) }),
    ...(nightlyAt !== undefined && { nightlyAt: readNightlyAt(nightlyAt) }),
    ...(products !== undefined && { products: readProducts(products, knownProducts) }),
    ...(fileName !== undefined && { fileName: readFileName(fileName) }),
    ...(limits !== undefined && { limits: readLimits(limits) }),
    ...(purgeAfterDays !== undefined && { purgeAfterDays: readPurgeAfter(purgeAfterDays) }),
    ...(keepFiles !== undefined && { keepFiles: readKeepFiles(keepFiles) }),
  };
}

export function readNewDistrict(input: NewDistrict, knownProducts: readonly string[]): NewDistrict {
  const id = readDistrictId(input.id);
  return { ...input, ...readDistrictChange(input, knownProducts), id };
}

/** Allowed, but worth a line. */
export function warningsOf(at: {
  readonly nightlyAt?: string | undefined;
  readonly purgeAfterDays?: number | undefined;
}): string[] {
  const hour = Number(at.nightlyAt?.slice(0, 2));
  const isShort = at.purgeAfterDays !== undefined && at.purgeAfterDays < SUMMER_DAYS;
  return [
    ...(hour === 1 || hour === 2
      ? [
          `Between 01:00 and 02:59 the nightly sync may be left out or run twice on the nights when clocks change; 00:30 or 03:30 are safe.`,
        ]
      : []),
    ...(isShort
      ? [
          `Who is away for ${at.purgeAfterDays} days is purged, and comes back as somebody new: a summer is longer than that.`,
        ]
      : []),
  ];
}
