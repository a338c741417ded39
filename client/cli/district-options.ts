/** The options that `district add` and `district set` share, and what they mean. */
import type { OptionSpec, Options } from './command.js';
import { ACCEPTABLE_CODES } from '../../roster/accepted.js';
import { readAccepts } from '../accepted-codes.js';
import { readColumns } from '../column-mapping.js';
import { LIMIT_SETTINGS } from '../../roster/limits/settings.js';
import { parseDuration, parseDurations } from '../durations.js';
import { usage } from '../errors.js';
import { splitLimits } from '../limits-input.js';
import { readOwnServer } from '../own-server.js';
import type { DistrictChange } from '../types.js';
import type { LimitsPatch, OwnServer, Timings } from '../../store/types.js';

/** Needed for a new district. */
export const NEEDED: readonly OptionSpec[] = [
  { flags: '--name <name>', about: 'as people call it' },
  { flags: '--contact <address>', about: 'mail address of the person who uploads' },
  { flags: '--seats <n>', about: 'how many active students the licence covers' },
  { flags: '--time-zone <zone>', about: 'IANA name, for example America/Chicago' },
  { flags: '--nightly-at <HH:MM>', about: 'when the nightly sync starts, in that zone' },
];
export const FREE: readonly OptionSpec[] = [
  {
    flags: '--product <id>',
    about: 'a product that its people log in to; may be repeated',
    repeated: true,
  },
  { flags: '--file <name>', about: 'name of the roster file (default: roster.csv)' },
  {
    flags: '--column <header=column>',
    about:
      'what a header of its file means, "Learner Mail=student_email"; repeated for each, in place of all that were set before; "none" for none',
    repeated: true,
  },
  {
    flags: '--accept <code>',
    about: `a finding that compares with the last good file, or guesses, and is wrong here: it becomes a note (${ACCEPTABLE_CODES.join(', ')}); repeated for each, in place of all that were set before; "none" for none`,
    repeated: true,
  },
  { flags: '--sftp <url>', about: 'its own server, sftp://user@host:port/folder; "none" for ours' },
  {
    flags: '--sftp-secret <reference>',
    about: 'where the worker finds password or key: env:NAME or file:/path',
  },
  { flags: '--sftp-host-key <fingerprint>', about: 'of that server, SHA256:…' },
  {
    flags: '--max-removal-percent <n>',
    about: 'the same as --limit students-removed=<n>%',
  },
  {
    flags: '--limit <name=value>',
    about: `hold a sync that goes beyond it: a share (10%), a number (30) or off; "school:" before the name for each school, "default" to reset; repeated for each. Names: ${LIMIT_SETTINGS.filter((name) => !name.startsWith('school:') && name !== 'seat-buffer').join(', ')}`,
    repeated: true,
  },
  {
    flags: '--isolate-schools <on|off>',
    about:
      'whether schools under their limits go on the same night while others are held (default: on)',
  },
  {
    flags: '--seat-buffer <seats>',
    about:
      'seats beyond the licence that are allowed and reported: 25, 5%, or "25,5%" for the greater (default: off)',
  },
  {
    flags: '--purge-after <days>',
    about:
      'who is away for longer is purged for good; within it all returns whole (30 to 3650, default: 365)',
  },
  {
    flags: '--remind-after <durations>',
    about: 'reminders while we wait for the district (default: 2d,5d,10d)',
  },
  { flags: '--remind-every <duration>', about: 'reminders after those (default: 7d)' },
  {
    flags: '--escalate-after <duration>',
    about: 'when support is told of the waiting (default: 14d)',
  },
  {
    flags: '--quiet <duration>',
    about: 'how long an upload must stand still to be whole (default: 60s)',
  },
  { flags: '--look-every <duration>', about: 'how often the folder is looked at (default: 60s)' },
  {
    flags: '--keep-files <days>',
    about:
      'how long fetched files are kept, 1 to 365; those that are still needed stay (default: 60)',
  },
  {
    flags: '--hold-for <duration>',
    about: 'how long a held sync waits for a decision (default: 14d)',
  },
];

/** What was given, and nothing else. Throws usage errors (exit 2). */
export function readChange(options: Options): DistrictChange {
  const products = options.list('product');
  const columns = options.list('column');
  const accepts = options.list('accept');
  const ownServer = readServer(options);
  const limits = readLimitOptions(options);
  const timings = readTimings(options);
  const isolate = options.text('isolateSchools');
  const purgeAfter = options.text('purgeAfter');
  const keepFiles = options.text('keepFiles');
  return {
    ...text(options, 'name'),
    ...text(options, 'contact'),
    ...seats(options.text('seats')),
    ...text(options, 'timeZone'),
    ...text(options, 'nightlyAt'),
    ...(products && { products }),
    ...(options.text('file') !== undefined && { fileName: options.text('file') ?? '' }),
    ...(columns && { columns: readColumns(columns) }),
    ...(accepts && { accepts: readAccepts(accepts) }),
    ...(ownServer !== undefined && { ownServer }),
    ...(limits && { limits }),
    ...(isolate !== undefined && { isolateSchools: readSwitch('--isolate-schools', isolate) }),
    ...(purgeAfter !== undefined && { purgeAfterDays: readNumber(purgeAfter) }),
    ...(keepFiles !== undefined && { keepFiles: readNumber(keepFiles) }),
    ...(Object.keys(timings).length > 0 && { timings }),
  };
}

function readLimitOptions(options: Options): LimitsPatch | null {
  const percent = options.text('maxRemovalPercent');
  const buffer = options.text('seatBuffer');
  const given = [
    ...(options.list('limit') ?? []),
    ...(buffer === undefined ? [] : [`seat-buffer=${buffer}`]),
  ];
  if (percent === undefined && given.length === 0) return null;
  return {
    ...(percent !== undefined && { removalPercent: readNumber(percent) }),
    ...(given.length > 0 && { own: splitLimits(given) }),
  };
}

/** A key that is missing says "leave it"; undefined would say something else. */
function text<Name extends string>(
  options: Options,
  name: Name,
): { readonly [K in Name]?: string } {
  const value = options.text(name);
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Name]?: string };
}

const seats = (value: string | undefined) =>
  value === undefined ? {} : { seats: readNumber(value) };

/** NaN for anything but plain digits; the check of the value says what is wanted. */
const readNumber = (value: string): number =>
  /^\d{1,9}(\.\d{1,3})?$/.test(value.trim()) ? Number(value) : Number.NaN;

function readSwitch(flag: string, value: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on';
  throw usage('BAD_SWITCH', `${flag}: write on or off.`);
}

function readServer(options: Options): OwnServer | null | undefined {
  const url = options.text('sftp');
  const secret = options.text('sftpSecret');
  const hostKey = options.text('sftpHostKey');
  if (url === undefined || url === 'none') {
    if (secret !== undefined || hostKey !== undefined) {
      throw usage(
        'BAD_SFTP',
        '--sftp-secret and --sftp-host-key go together with --sftp sftp://user@host:port/folder: give all three.',
      );
    }
    return url === undefined ? undefined : null;
  }
  return readOwnServer(url, secret, hostKey);
}

function readTimings(options: Options): Partial<Timings> {
  const one = (option: string, flag: string, key: keyof Timings) => {
    const value = options.text(option);
    return value === undefined ? {} : { [key]: parseDuration(value, flag) };
  };
  const remindAfter = options.text('remindAfter');
  return {
    ...(remindAfter !== undefined && {
      remindAfter: parseDurations(remindAfter, '--remind-after'),
    }),
    ...one('remindEvery', '--remind-every', 'remindEvery'),
    ...one('escalateAfter', '--escalate-after', 'escalateAfter'),
    ...one('quiet', '--quiet', 'quietFor'),
    ...one('lookEvery', '--look-every', 'lookEvery'),
    ...one('holdFor', '--hold-for', 'holdFor'),
  };
}
