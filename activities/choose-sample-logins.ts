import { chooseSamples } from '../store/samples.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';

/** Chooses a few people for the login test and keeps them; only their number comes back. */
export const chooseSampleLogins =
  ({ db }: Deps): Activities['chooseSampleLogins'] =>
  async ({ district, run }) => {
    const { students, teachers } = await chooseSamples(db, { district, run });
    return { students, teachers };
  };
