import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TimeoutFailure,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { failureCode } from '../../workflows/shared/failure-code.js';

const brokenBy = (cause: Error) =>
  new ActivityFailure('it broke', 'sendMail', '1', RetryState.NON_RETRYABLE_FAILURE, 'me', cause);

describe('the code of a broken activity', () => {
  it('is the type of its failure, and INTERNAL for what is not a code', () => {
    expect(failureCode(brokenBy(ApplicationFailure.nonRetryable('x', 'SFTP_AUTH')))).toBe(
      'SFTP_AUTH',
    );
    expect(failureCode(brokenBy(ApplicationFailure.nonRetryable('x', 'Jamie Doe')))).toBe(
      'INTERNAL',
    );
  });

  it('is TIMEOUT when it did not end in time, unless its last failure says more', () => {
    const timeout = (cause?: Error) =>
      brokenBy(Object.assign(new TimeoutFailure('late', undefined, 'START_TO_CLOSE'), { cause }));
    expect(failureCode(timeout())).toBe('TIMEOUT');
    expect(failureCode(timeout(ApplicationFailure.create({ type: 'NOT_YET' })))).toBe('NOT_YET');
  });

  it('is none for an activity that was cancelled, and for a fault of our own code', () => {
    expect(failureCode(brokenBy(new CancelledFailure('as asked')))).toBeNull();
    expect(failureCode(new TypeError('ours'))).toBeNull();
  });
});
