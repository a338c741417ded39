import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';

/**
 * The code of a broken activity, for example `SFTP_UNREACHABLE` or `TIMEOUT`; null if `error` is
 * not one (a cancellation, or a fault of the workflow's own code).
 */
export function failureCode(error: unknown): string | null {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return null;
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) return codeIn(cause.type);
    // A timeout keeps the last failure below it, which says more.
    if (cause instanceof TimeoutFailure && !(cause.cause instanceof ApplicationFailure))
      return 'TIMEOUT';
  }
  return 'INTERNAL';
}

/** A code and nothing else: whatever does not look like one stays out of histories and mails. */
const codeIn = (type: string | undefined | null): string =>
  type && /^[A-Z][A-Za-z0-9_]{1,59}$/.test(type) ? type : 'INTERNAL';
