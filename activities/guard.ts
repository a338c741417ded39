import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { toFailure } from './errors.js';

/**
 * Wraps an activity so that only classified failures leave it. Once it was cancelled, whatever the
 * breaking off threw counts as the cancellation, so that Temporal sees a cancelled activity and
 * not a broken one.
 */
export function guarded<Input, Output>(
  run: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await run(input);
    } catch (thrown) {
      const { cancellationSignal } = Context.current();
      if (cancellationSignal.aborted && !(thrown instanceof CancelledFailure)) {
        throw new CancelledFailure('broken off as asked');
      }
      throw toFailure(thrown);
    }
  };
}
