import { block } from './block.js';
import type { Io } from './io.js';
import { clean, count, many, moment } from './text.js';
import { filterLines } from './filter-words.js';
import { shownColumns } from '../column-mapping.js';
import { formatDuration } from '../durations.js';
import { unusualLimits } from '../../roster/limits/settings.js';
import type { District } from '../../store/types.js';

/** A district's settings, one a line. */
export function districtBlock(io: Io, district: District): string {
  const { ownServer, limits, timings } = district;
  const reminders = timings.remindAfter.map(formatDuration).join(', ');
  const facts = block(io, [
    ['contact', clean(district.contact)],
    ['seats', count(district.seats)],
    ['nightly sync', `${district.nightlyAt} ${district.timeZone}`],
    ['products', district.products.join(', ') || 'all'],
    ['file', clean(district.fileName)],
    ...shownColumns(district.columns).map(
      (one, n) => [n === 0 ? 'its columns' : '', clean(one)] as const,
    ),
    ['accepted', district.accepts.join(', ') || null],
    ...filterLines(district.filter).map((one, n) => [n === 0 ? 'filter' : '', one] as const),
    [
      'server',
      ownServer
        ? clean(
            `${ownServer.username}@${ownServer.host}:${ownServer.port}, folder ${ownServer.path}`,
          )
        : 'ours',
    ],
    ['  secret', ownServer ? clean(ownServer.secretRef) : null],
    ['  host key', ownServer ? clean(ownServer.hostKey) : null],
    ['limits', limitWords(limits)],
    [
      'schools',
      district.isolateSchools
        ? 'go on by themselves while others are held'
        : 'wait while one of them is held',
    ],
    ['who is away', `is purged after ${many(district.purgeAfterDays, 'day')}`],
    ['holds', `wait ${formatDuration(timings.holdFor)} for a decision`],
    [
      'reminders',
      `after ${reminders}, then every ${formatDuration(timings.remindEvery)}; support after ${formatDuration(timings.escalateAfter)}`,
    ],
    [
      'uploads',
      `looked for every ${formatDuration(timings.lookEvery)}, whole after ${formatDuration(timings.quietFor)} of quiet`,
    ],
    ['files', `kept for ${many(district.keepFiles, 'day')}`],
    ['live since', district.liveAt ? moment(district.liveAt) : 'not live yet'],
  ]);
  return `${io.paint('bold', clean(district.name))} (${district.id})\n${facts}`;
}

/** Only what the district has otherwise; all of them are in --json. */
function limitWords({ own }: District['limits']): string {
  const set = Object.entries(unusualLimits(own)).map(([name, value]) => `${name} ${value}`);
  return set.length === 0 ? 'the usual ones' : `${set.join(', ')}; else the usual ones`;
}
