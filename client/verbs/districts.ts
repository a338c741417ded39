import { isDeepStrictEqual } from 'node:util';
import { refused, RollcallError } from '../errors.js';
import { readDistrictChange, readNewDistrict, warningsOf } from '../district-input.js';
import { mendSchedule } from '../nightly.js';
import type { Context } from '../context.js';
import type { DistrictChange, Rollcall } from '../types.js';
import { addDistrict, listDistricts, setDistrict } from '../../store/config/districts.js';
import { revokeLinks } from '../../store/config/links.js';
import type { District } from '../../store/types.js';

type Verbs = Pick<Rollcall, 'addDistrict' | 'setDistrict' | 'listDistricts' | 'showDistrict'>;

export function districtVerbs(context: Context): Verbs {
  const products = context.deps.vendor.products.map((product) => product.id);
  return {
    async addDistrict(input) {
      const checked = readNewDistrict(input, products);
      try {
        const district = await context.store((db) => addDistrict(db, checked));
        return { district, warnings: warningsOf(district) };
      } catch (error) {
        if (!(error instanceof RollcallError) || error.code !== 'DISTRICT_EXISTS') throw error;
        throw refused(
          'DISTRICT_EXISTS',
          `There is a district "${checked.id}" already: see \`npx rollcall district show ${checked.id}\`, change it with \`npx rollcall district set ${checked.id}\`.`,
        );
      }
    },

    async setDistrict(id, change) {
      const checked = readDistrictChange(change, products);
      const before = await context.district(id);
      const newContact = checked.contact !== undefined && checked.contact !== before.contact;
      // At once or not at all: a repeat would see no new contact any more.
      const [district, revoked] = await context.store((db) =>
        db.transaction(async (trx) => [
          await setDistrict(trx, id, checked),
          newContact ? await revokeLinks(trx, id) : 0,
        ]),
      );
      // Even if the time is what it was: a repeat mends a schedule that was not reached before.
      if (district.liveAt && movesTheNight(checked)) await mendSchedule(context, district);
      const warnings = [
        ...warningsOf(checked),
        ...linksEnded(id, revoked),
        ...readAnew(before, district),
      ];
      return { district, warnings };
    },

    listDistricts: () => context.store(listDistricts),
    showDistrict: (id) => context.district(id),
  };
}

const linksEnded = (id: string, revoked: number): string[] =>
  revoked === 0
    ? []
    : [
        `The links that the former contact got do not open any more; the next mail brings a new one, \`npx rollcall link ${id}\` makes one now.`,
      ];

/** Nobody looks at a file again by itself: it may be the one that lies there already. */
function readAnew(before: District, { id, liveAt, ...after }: District): string[] {
  const parts = ['columns', 'accepts'] as const;
  if (parts.every((part) => isDeepStrictEqual(after[part], before[part]))) return [];
  const command = liveAt ? `sync ${id}` : `uploaded ${id}`;
  return [
    `The file is read this way from the next sync on; \`npx rollcall ${command}\` has the one that lies there read anew, if it was read before.`,
  ];
}

const movesTheNight = (change: DistrictChange): boolean =>
  change.timeZone !== undefined || change.nightlyAt !== undefined;
