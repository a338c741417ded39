/** Limits as people set them: `students-removed=10%`. Every error is a usage error. */
import { LIMIT_SETTINGS, whyNoLimit } from '../roster/limits/settings.js';
import type { LimitsPatch } from '../store/types.js';
import { usage } from './errors.js';
import { didYouMean } from './near.js';

/** `name=value` each; the last one of a name counts. */
export function splitLimits(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.indexOf('=');
      if (at > 0) return [one.slice(0, at).trim(), one.slice(at + 1).trim()];
      throw usage(
        'BAD_LIMIT',
        '--limit: write a name and its value, such as --limit students-removed=10%.',
      );
    }),
  );
}

/** What may be set, and makes sense; `default` becomes null. */
export function readLimits({ removalPercent, own }: LimitsPatch): LimitsPatch {
  return {
    ...(removalPercent !== undefined && { removalPercent: readPercent(removalPercent) }),
    ...(own && { own: Object.fromEntries(Object.entries(own).map(readOne)) }),
  };
}

function readOne([name, value]: [string, string | null]): [string, string | null] {
  if (!LIMIT_SETTINGS.includes(name)) {
    throw usage(
      'LIMIT_UNKNOWN',
      `There is no limit "${name.slice(0, 60)}".${didYouMean(name, LIMIT_SETTINGS)} There are: ${LIMIT_SETTINGS.join(', ')}.`,
    );
  }
  if (value === null || value === 'default') return [name, null];
  const wrong = whyNoLimit(name, value);
  if (wrong === null) return [name, value];
  const flag = name === 'seat-buffer' ? '--seat-buffer' : `--limit ${name}`;
  throw usage('BAD_LIMIT', `${flag}: ${wrong}.`);
}

function readPercent(value: number): number {
  // Three decimals are what a limit can hold.
  if (value >= 0 && value <= 100) return Math.round(value * 1_000) / 1_000;
  throw usage('BAD_PERCENT', '--max-removal-percent: give a number from 0 to 100, such as 10.');
}
