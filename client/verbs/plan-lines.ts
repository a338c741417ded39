import { readableStoreError, type Context } from '../context.js';
import { usage } from '../errors.js';
import { didYouMean } from '../near.js';
import type { Rollcall, WantedLines } from '../types.js';
import { eachPlanLine, planLineGroups, type Wanted } from '../../store/read/plan-lines.js';
import { getKept } from '../../store/read/plan-kept.js';
import { getPlan } from '../../store/read/plan.js';
import { KINDS, type Kind } from '../../workflows/contract.js';

type Verbs = Pick<Rollcall, 'planLines' | 'planLineGroups' | 'keptBy'>;

const dashed = (kind: string): string =>
  kind.replaceAll(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`);
const NAMES: ReadonlyMap<string, Kind> = new Map(
  KINDS.flatMap((kind) => [
    [kind, kind],
    [dashed(kind), kind],
  ]),
);

export function planLineVerbs(context: Context): Verbs {
  const checked = async (id: string, run: number, wanted: WantedLines): Promise<Wanted> => {
    await context.district(id);
    const { schools, kinds } = wanted;
    return {
      ...(schools && { schools: await readSchools(context, id, run, schools) }),
      ...(kinds && { kinds: kinds.map(readKind) }),
    };
  };
  return {
    async planLines(id, run, wanted = {}) {
      const read = await checked(id, run, wanted);
      const lines = () => eachPlanLine(context.deps.db, { district: id, run }, read);
      return { [Symbol.asyncIterator]: () => readable(lines()) };
    },
    async planLineGroups(id, run, wanted, limits) {
      const read = await checked(id, run, wanted);
      return context.store((db) => planLineGroups(db, { district: id, run }, read, limits));
    },
    async keptBy(id, run, most) {
      await context.district(id);
      return context.store((db) => getKept(db, { district: id, run }, most ?? null));
    },
  };
}

async function* readable<T>(all: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* all;
  } catch (error) {
    throw readableStoreError(error);
  }
}

function readKind(name: string): Kind {
  const kind = NAMES.get(name);
  if (kind) return kind;
  const names = KINDS.map(dashed);
  throw usage('BAD_KIND', `--changes: give one of ${names.join(', ')}.${didYouMean(name, names)}`);
}

async function readSchools(
  context: Context,
  id: string,
  run: number,
  given: readonly string[],
): Promise<string[]> {
  const { bySchool } = await context.store((db) => getPlan(db, id, run));
  const known = bySchool.map(({ school }) => school);
  return given.map((one) => {
    const school = one.trim();
    if (known.includes(school)) return school;
    throw usage(
      'SCHOOL_UNKNOWN',
      `The plan of run ${run} changes nothing in a school "${school.slice(0, 60)}".${didYouMean(school, known)} \`npx rollcall plan ${id} ${run}\` shows its schools.`,
    );
  });
}
