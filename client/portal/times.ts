/** Times as people read them: in the district's own time zone, which is named. */

/** For example `November 23, 2026 at 2:05 PM PST`. `timeZone` is an IANA name. */
export function readable(iso: string, timeZone: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return new Intl.DateTimeFormat('en-US', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: knownZone(timeZone),
  })
    .format(at)
    .concat(` ${zoneName(at, timeZone)}`);
}

/** `22:30` as `10:30 PM`. */
export function readableHour(hhmm: string): string {
  const [hour = 0, minute = 0] = hhmm.split(':').map(Number);
  return new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone: 'UTC' }).format(
    Date.UTC(2026, 0, 1, hour, minute),
  );
}

function zoneName(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZoneName: 'short',
    timeZone: knownZone(timeZone),
  }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

/** Settings are checked when they are made; a zone that this Node does not know becomes UTC. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** `1 row`, `1,204 rows`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}
