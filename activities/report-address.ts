import path from 'node:path/posix';
import { getDistrict } from '../store/config/districts.js';
import type { RunRef } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import type { SourceAddress } from './ports.js';
import { sourceAddress } from './source-address.js';

export const REPORTS_FOLDER = 'reports';

/** Where the run's report belongs: `reports/run-12.csv` beside the roster. */
export async function reportAddress(deps: Deps, ref: RunRef): Promise<SourceAddress> {
  const roster = await sourceAddress(deps, await getDistrict(deps.db, ref.district));
  const folder = path.join(path.dirname(roster.path), REPORTS_FOLDER);
  return { ...roster, path: path.join(folder, `run-${ref.run}.csv`) };
}
