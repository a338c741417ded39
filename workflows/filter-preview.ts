import { ApplicationFailure } from '@temporalio/workflow';
import type { FilterLooked, PreviewInput } from './contract.js';
import { act } from './shared/act.js';
import { districtOf } from './shared/input.js';

/**
 * Tries a filter on the newest file. The filter itself, which names teachers, and what comes of it
 * stand in the store; the history has the id under which they do, and counts.
 */
export async function filterPreview(input: PreviewInput): Promise<FilterLooked> {
  const district = districtOf(input);
  const { preview } = input;
  if (typeof preview !== 'string' || preview === '') {
    throw ApplicationFailure.nonRetryable('it has no preview to make', 'INPUT_INVALID');
  }
  return act('previewFilter', { district, preview }, 'try a filter on the newest file');
}
