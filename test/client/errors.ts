import { RollcallError } from '../../client/errors.js';

/** What `act` throws; fails the test if it throws nothing or something else. */
export function errorOf(act: () => unknown): RollcallError {
  try {
    act();
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
  throw new Error('it threw nothing');
}

/** The same for promises. */
export async function rejectionOf(act: Promise<unknown>): Promise<RollcallError> {
  const settled = await act.then(
    () => new Error('it did not reject'),
    (error: unknown) => error,
  );
  if (settled instanceof RollcallError) return settled;
  throw settled;
}
