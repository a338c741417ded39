/** Durations as people write them: `30s`, `10m`, `2h`, `3d`; in milliseconds inside. */
import { usage } from './errors.js';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const LONGEST = 3_650 * UNITS.d;

/** `flag` names the option in the error. Throws usage errors (exit 2). */
export function parseDuration(text: string, flag: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(text.trim());
  const unit = match?.[2] as keyof typeof UNITS | undefined;
  const value = unit ? Number(match?.[1]) * UNITS[unit] : 0;
  if (value < UNITS.s || value > LONGEST) {
    throw usage(
      'BAD_DURATION',
      `${flag}: write a duration such as 30s, 10m, 2h or 3d (at least 1s).`,
    );
  }
  return value;
}

/** `2d,5d,10d`: each later than the one before. */
export function parseDurations(text: string, flag: string): number[] {
  const values = text.split(',').map((part) => parseDuration(part, flag));
  if (values.some((value, at) => at > 0 && value <= (values[at - 1] ?? 0))) {
    throw usage(
      'BAD_DURATION',
      `${flag}: each time must be later than the one before, as in 2d,5d.`,
    );
  }
  return values;
}

/** The shortest exact form: 172800000 → `2d`, 90000 → `90s`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms >= UNITS[unit] && ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`;
  }
  return `${Math.round(ms / UNITS.s)}s`;
}
