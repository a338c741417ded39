import type { Settings } from '../../../config/settings.js';

/** Asks Temporal first, so that one that is down is said in our words. Throws TEMPORAL_DOWN. */
export async function temporalIsDown<T>(
  env: NodeJS.ProcessEnv,
  settings: Settings,
  start: () => Promise<T>,
): Promise<T> {
  const { openTemporal } = await import('../../connect.js');
  const client = await openTemporal(env, settings);
  await client.connection.close();
  return start();
}
