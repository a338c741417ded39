import { ApplicationFailure } from '@temporalio/workflow';

/**
 * The district that a workflow was started for. Whoever starts one by hand may forget the input:
 * that fails the workflow with INPUT_INVALID, instead of its task for ever.
 */
export function districtOf(input: unknown): string {
  const district = (input as { district?: unknown } | null | undefined)?.district;
  if (typeof district === 'string' && district !== '') return district;
  throw ApplicationFailure.nonRetryable(
    'start it with an input such as {"district": "maple-valley"}',
    'INPUT_INVALID',
  );
}
