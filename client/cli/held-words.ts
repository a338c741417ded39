/** Why a plan is held, and what support can do about it. */
import { adviceFor, details } from '../../roster/limits/words.js';
import type { PlanRecord, SeatRoom } from '../../store/types.js';
import type { HeldLimit } from '../../workflows/contract.js';
import type { Io } from './io.js';
import { clean, count, many } from './text.js';

const LINES_SHOWN = 40;
const PEOPLE_SHOWN = 10;

export function seatsLine(
  io: Io,
  { before, after, licensed, buffer }: PlanRecord['seats'],
): string {
  const line = `${count(before)} → ${count(after)} of ${count(licensed)}`;
  const over = after - licensed;
  if (over <= 0) {
    return `${line}, ${count(-over)} left${buffer > 0 ? `, and a buffer of ${count(buffer)}` : ''}`;
  }
  const inBuffer = over <= buffer;
  const words = inBuffer
    ? `${count(over)} over the licence, within the buffer of ${count(buffer)}`
    : `more than licensed: ${count(over)} over${buffer > 0 ? `, the buffer is ${count(buffer)}` : ''}`;
  return io.paint('yellow', `${line} (${words})`);
}

/** Nothing for a plan that was within its limits. */
export function heldBlock(io: Io, id: string, plan: PlanRecord): string[] {
  const { held, room, state } = plan;
  if (held.length === 0) return [];
  const shown = held.slice(0, LINES_SHOWN).map((one) => `  ${io.paint('yellow', limitLine(one))}`);
  const left = held.length - shown.length;
  const lines = [...shown, ...(left > 0 ? [`  and ${count(left)} more: --json`] : [])];
  return [
    `${io.paint('bold', 'Over a limit')}\n${lines.join('\n')}`,
    ...(room ? [roomBlock(io, room)] : []),
    ...(state === 'waiting' ? [toDo(io, id, held)] : []),
  ];
}

/** `students-removed: 31.25, allowed 10 percent (125 of 400), school 0012` */
export function limitLine(held: HeldLimit): string {
  const { limit, school, value, allowed, unit, kind } = held;
  const what = limit === 'id-churn' || limit === 'name-churn' ? `${limit} of ${kind}` : limit;
  const more = details(held);
  return [
    `${what}: ${value}, allowed ${allowed}${unit === 'count' ? '' : ' percent'}`,
    more === '' ? '' : ` (${more})`,
    school === null ? '' : `, school ${clean(school)}`,
  ].join('');
}

function roomBlock(io: Io, { protected: kept, duplicates, people }: SeatRoom): string {
  const shown = people.slice(0, PEOPLE_SHOWN);
  const left = people.length - shown.length;
  return [
    io.paint('bold', 'What would make room'),
    `  ${many(kept, 'student')} in no good row, who stay because a bad row is or may be about them; mended rows show who has left`,
    `  ${many(duplicates, 'seat')} of probable duplicates: same name and grade at the same school`,
    ...shown.map((alike) => `    ${alike.map(clean).join(' = ')}`),
    ...(left > 0 ? [`    and ${count(left)} more: --json`] : []),
  ].join('\n');
}

const toDo = (io: Io, id: string, held: readonly HeldLimit[]): string =>
  [
    io.paint('bold', 'What to do'),
    ...adviceFor(held).map((one) => `  ${one}`),
    `  Where a limit does not suit this district: npx rollcall district set ${id} --limit NAME=VALUE, for the next files; this plan waits for a yes or no.`,
  ].join('\n');
