/** When a plan needs a person: each limit of limits/catalogue.ts, for the district and by school. */
import { enough, isOver, percent, type Bound, type Measure } from './limits/bounds.js';
import { FILE_RULES, KIND_RULES, type LimitName, type Rule } from './limits/catalogue.js';
import { seatBuffer, type Limits } from './limits/settings.js';
import type { Counted, HeldLimit, PlaceFacts, PlanFacts } from './plan-types.js';

export { DEFAULT_LIMITS, readLimits, type Limits, type OwnLimits } from './limits/settings.js';

/** The limits that a plan is over; empty if it may be applied without a person. */
export function judge(facts: PlanFacts, limits: Limits): readonly HeldLimit[] {
  return [
    ...KIND_RULES.flatMap((rule) => judgeKind(rule, facts, limits)),
    ...FILE_RULES.flatMap(({ limit, measure }) => {
      const bound = limits.bounds[limit].district;
      const found = measure(facts);
      if (!bound || !isOver(found, bound, limits.floors[limit].district)) return [];
      return [held({ limit, school: null }, found, bound)];
    }),
    ...judgeSeats(facts, limits),
  ];
}

/** The district first, then its schools, the worst first. One that is the whole district is not said twice. */
function judgeKind(rule: Rule, facts: PlanFacts, limits: Limits): HeldLimit[] {
  const [district] = judgePlace(rule, facts.district, facts, limits);
  const schools = facts.schools
    .flatMap((place) => judgePlace(rule, place, facts, limits))
    .filter((one) => !district || !isSame(one, district))
    .sort((a, b) => b.value - a.value || (a.school! < b.school! ? -1 : 1));
  return district ? [district, ...schools] : schools;
}

const isSame = (a: HeldLimit, b: HeldLimit): boolean =>
  a.count === b.count && a.before === b.before && a.unit === b.unit && a.allowed === b.allowed;

function judgePlace(
  { limit, kind, measure }: Rule,
  place: PlaceFacts,
  facts: PlanFacts,
  limits: Limits,
): HeldLimit[] {
  const { bound, floor } = boundOf(limits, limit, place.school);
  const found = measure(place.kinds[kind], facts);
  if (!bound || !isOver(found, bound, floor)) return [];
  const { school } = place;
  return [held({ limit, school, kind, windowDays: limits.windowDays }, found, bound)];
}

function boundOf(limits: Limits, limit: LimitName, school: string | null) {
  const where = school === null ? 'district' : 'school';
  return { bound: limits.bounds[limit][where], floor: limits.floors[limit][where] };
}

function held(
  {
    limit,
    school,
    kind,
    windowDays = 0,
  }: { limit: LimitName; school: string | null; kind?: Counted; windowDays?: number },
  { now, earlier, of }: Measure,
  { unit, most }: Bound,
): HeldLimit {
  const count = now + earlier;
  return {
    limit,
    school,
    value: unit === 'percent' ? percent(count, of) : count,
    allowed: most,
    unit,
    ...(kind && { kind }),
    count,
    before: of,
    ...(earlier > 0 && { earlier, windowDays }),
  };
}

/** A plan that takes no seat is not held for those that are taken already. */
export function judgeSeats({ seats }: Pick<PlanFacts, 'seats'>, limits: Limits): HeldLimit[] {
  if (!limits.bounds['seats-exceeded'].district) return [];
  const { licensed, before, after } = seats;
  const buffer = seatBuffer(limits, licensed);
  if (after <= before || after <= licensed + buffer) return [];
  const allowed = licensed + buffer;
  return [
    {
      limit: 'seats-exceeded',
      school: null,
      value: after,
      allowed,
      unit: 'count',
      count: after,
      before,
      licensed,
      buffer,
    },
  ];
}

/**
 * How many of each kind a school must have had for none of its limits to be exceeded: 0 if any
 * number will do, null if none will, so that all must be counted.
 * @param place its `before` is not looked at
 */
export function enoughBefore(
  place: PlaceFacts,
  facts: Pick<PlanFacts, 'first'>,
  limits: Limits,
): Record<Counted, number | null> {
  const wanted: Record<Counted, number | null> = { students: 0, classes: 0, teachers: 0 };
  for (const { limit, kind, measure } of KIND_RULES) {
    const { bound, floor } = boundOf(limits, limit, place.school);
    if (!bound) continue;
    const none = { ...place.kinds[kind], before: 0 };
    const found = measure(none, facts);
    const of = enough(found, bound, floor);
    const known = wanted[kind];
    if (of === null || known === null) wanted[kind] = null;
    // `of` counts those of the window, too, or leaves them out; `before` does not.
    else if (of > 0) wanted[kind] = Math.max(known, of - found.of);
  }
  return wanted;
}
