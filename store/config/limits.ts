/** A district's limits between the table and people. */
import { readLimits, type OwnLimits } from '../../roster/limits.js';
import { shownLimits } from '../../roster/limits/settings.js';
import type { DistrictLimits, LimitsPatch } from '../types.js';

/** As it was kept before there were other limits; what is set by its name goes before it. */
const OLD = 'removalPercent';
const REMOVED = 'students-removed';

export type StoredLimits = Readonly<Record<string, string | number>>;

export function toLimits({ [OLD]: old, ...stored }: StoredLimits): DistrictLimits {
  const own: OwnLimits = {
    ...(typeof old === 'number' && { [REMOVED]: `${old}%` }),
    ...Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, String(value)])),
  };
  const bound = readLimits(own).bounds[REMOVED].district;
  return {
    removalPercent: bound?.unit === 'percent' ? bound.most : null,
    own,
    effective: shownLimits(own),
  };
}

/** A patch as the table takes it: nulls are taken out there, `replaced` are keys that it ends. */
export function limitsJson(patch: LimitsPatch = {}): {
  readonly json: string;
  readonly replaced: readonly string[];
} {
  const own = {
    ...(patch.removalPercent !== undefined && { [REMOVED]: `${patch.removalPercent}%` }),
    ...patch.own,
  };
  return { json: JSON.stringify(own), replaced: REMOVED in own ? [OLD] : [] };
}
