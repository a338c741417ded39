/** Time zones as IANA names: what Temporal's schedules take, and people half remember. */
import { usage } from './errors.js';
import { nearest } from './near.js';

/** What people in the United States write instead; an abbreviation has no daylight-saving rule. */
const SPOKEN: Readonly<Record<string, string>> = {
  est: 'America/New_York',
  edt: 'America/New_York',
  et: 'America/New_York',
  eastern: 'America/New_York',
  cst: 'America/Chicago',
  cdt: 'America/Chicago',
  ct: 'America/Chicago',
  central: 'America/Chicago',
  mst: 'America/Denver',
  mdt: 'America/Denver',
  mt: 'America/Denver',
  mountain: 'America/Denver',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  pt: 'America/Los_Angeles',
  pacific: 'America/Los_Angeles',
  hst: 'Pacific/Honolulu',
  akst: 'America/Anchorage',
};

/** The name in its right spelling; throws BAD_TIME_ZONE with a suggestion (exit 2). */
export function readTimeZone(typed: string): string {
  const wanted = typed.trim();
  const known = Intl.supportedValuesOf('timeZone');
  if (/^(etc\/)?utc$/i.test(wanted)) return 'UTC';
  const listed = known.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (listed) return listed;
  const alias = aliasOf(wanted);
  if (alias) return alias;
  const near = suggest(wanted, known);
  throw usage(
    'BAD_TIME_ZONE',
    `"${wanted}" is not a time zone.${near ? ` Did you mean ${near}?` : ''} Use an IANA name such as America/Chicago.`,
  );
}

/** Old names (`US/Eastern`, `Asia/Kolkata`) are not in the list, yet zones of their own right. */
function aliasOf(wanted: string): string | null {
  if (!/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+$/.test(wanted) || /^etc\//i.test(wanted)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: wanted }).resolvedOptions();
    // The server minds case, Intl does not.
    return wanted.split('/').every((part) => /^[A-Z]/.test(part)) ? wanted : timeZone;
  } catch {
    return null;
  }
}

function suggest(wanted: string, known: readonly string[]): string | null {
  const spoken =
    SPOKEN[wanted.toLowerCase().replace(/[\s_-]*(standard|daylight)?[\s_-]*time$/, '')];
  if (spoken) return spoken;
  const whole = nearest(wanted, known);
  if (whole) return whole;
  const cities = new Map(known.map((name) => [name.split('/').at(-1) ?? name, name]));
  const city = nearest(wanted.split('/').at(-1) ?? '', [...cities.keys()]);
  return city === null ? null : (cities.get(city) ?? null);
}
