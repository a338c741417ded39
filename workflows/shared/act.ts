import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../contract.js';
import { PROFILES } from '../profiles.js';

type Input<Name extends keyof Activities> = Parameters<Activities[Name]>[0];
type Output<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;

/**
 * Asks the world for something, under the activity's profile. `summary` is what the Temporal UI
 * shows beside it: ids and counts only. Throws ActivityFailure when the profile's tries are used
 * up, CancelledFailure when the workflow or the scope was cancelled.
 */
export function act<Name extends keyof Activities>(
  name: Name,
  input: Input<Name>,
  summary: string,
  options: ActivityOptions = {},
): Promise<Output<Name>> {
  const ask = proxyActivities<Activities>(PROFILES[name])[name] as unknown as {
    executeWithOptions(options: ActivityOptions, args: [Input<Name>]): Promise<Output<Name>>;
  };
  return ask.executeWithOptions({ ...options, summary }, [input]);
}
