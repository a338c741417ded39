import { districtIds, getDistrict } from '../store/config/districts.js';
import { type Activities, DUTIES } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** A page of the districts, by id, and what is to be done in each; the next begins behind its last. */
export const nextDistricts =
  ({ db }: Deps): Activities['nextDistricts'] =>
  async ({ after, most, only }) => {
    const duties = DUTIES;
    if (only !== undefined) {
      const { id } = await getDistrict(db, only);
      return { districts: [id], next: null, duties };
    }
    const districts = await districtIds(db, after, most);
    return { districts, next: districts.length < most ? null : (districts.at(-1) ?? null), duties };
  };
