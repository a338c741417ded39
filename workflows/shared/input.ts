import { ApplicationFailure } from '@temporalio/workflow';

/**
 * The district that a workflow was started for. Whoever starts one by hand may forget the input:
 * that fails the workflow with INPUT_INVALID, instead of its task for ever.
 */
export function districtOf(input: unknown): string {
  const district = (input as { district?: unknown } | null | undefined)?.district;
  if (typeof district === 'string' && district !== '') return district;
  throw invalid('{"district": "maple-valley"}');
}

/** The run that an undo was started for. */
export function runOf(input: unknown): number {
  const run = (input as { run?: unknown } | null | undefined)?.run;
  if (typeof run === 'number' && Number.isSafeInteger(run) && run > 0) return run;
  throw invalid('{"district": "maple-valley", "run": 3}');
}

const invalid = (example: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`start it with an input such as ${example}`, 'INPUT_INVALID');
