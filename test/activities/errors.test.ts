import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { failureOf as ownFailure, toFailure } from '../../activities/errors.js';
import { MailRefused, SourceProblem, SourceUnreachable } from '../../activities/ports.js';
import { StoreError } from '../../store/errors.js';

const PLANTED = 'nib.thistlewood@pupils.district.example';

const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: no such file, open '/home/${PLANTED}'`), { code });
const classified = (thrown: unknown): ApplicationFailure => {
  const failure = toFailure(thrown);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  return failure as ApplicationFailure;
};

const fault = (sqlState: string) => ({ sqlState, constraint: 'students_pkey', table: 'students' });

const grpc = (code: number): Error => Object.assign(new Error(PLANTED), { code, metadata: {} });
const wrapped = (code: number): Error => {
  const error = new Error(PLANTED, { cause: grpc(code) });
  error.name = 'ServiceError';
  return error;
};

describe('the classifier', () => {
  it.each<[string, unknown, string, boolean]>([
    ['a source problem', new SourceProblem('SFTP_AUTH'), 'SFTP_AUTH', true],
    ['a server that is away', new SourceUnreachable('ETIMEDOUT'), 'SFTP_UNREACHABLE', false],
    ['a refused mail', new MailRefused(550), 'MAIL_REFUSED', true],
    [
      'a lock that is taken',
      new StoreError('DISTRICT_BUSY', 'busy', { retryable: true }),
      'DISTRICT_BUSY',
      false,
    ],
    [
      'an unknown district',
      new StoreError('DISTRICT_UNKNOWN', 'unknown'),
      'DISTRICT_UNKNOWN',
      true,
    ],
    [
      'a broken rule',
      new StoreError('DB_ERROR', 'refused', { fault: fault('23514') }),
      'DB_ERROR',
      true,
    ],
    [
      'a lost race',
      new StoreError('DB_ERROR', 'refused', { fault: fault('23505') }),
      'DB_ERROR',
      false,
    ],
    [
      'a missing table',
      new StoreError('DB_ERROR', 'refused', { fault: fault('42P01') }),
      'DB_ERROR',
      false,
    ],
    ['a killed backend', new Error('Connection terminated unexpectedly'), 'DB_UNAVAILABLE', false],
    ['a full disk', systemError('ENOSPC'), 'ENOSPC', false],
    ['a missing file', systemError('ENOENT'), 'ENOENT', false],
    ['a code that says too much', systemError(`E_${PLANTED.toUpperCase()}`), 'INTERNAL', false],
    ['an abort', new DOMException(`stop ${PLANTED}`, 'AbortError'), 'ABORTED', false],
    ['a bug', new TypeError(`${PLANTED} is not a function`), 'INTERNAL_TypeError', false],
    ['an unknown time zone', grpc(3), 'TEMPORAL_3', true],
    ['Temporal away', grpc(14), 'TEMPORAL_14', false],
    ['Temporal away, as its SDK tells it', wrapped(14), 'TEMPORAL_14', false],
    ['an input of another shape', z.string().safeParse(1).error, 'INPUT_INVALID', true],
    ['a text', PLANTED, 'INTERNAL', false],
    ['nothing', undefined, 'INTERNAL', false],
  ])('gives %s a code, and says whether to try again', (_what, thrown, type, final) => {
    const failure = classified(thrown);
    expect(failure).toMatchObject({ type, nonRetryable: final });
    expect(failure.message).not.toBe('');
    expect(failure.message).not.toContain('\n');
    expect(`${failure.message} ${failure.stack}`).not.toContain(PLANTED);
    expect(failure.cause).toBeUndefined();
    expect(failure.details ?? []).toEqual([]);
  });

  it('keeps our own files and lines of the stack, and no line of the message', () => {
    const error = new TypeError(`first\n    at ${PLANTED} (/etc/passwd:1:1)\nlast`);
    const { stack = '' } = classified(error);
    expect(stack).toContain('errors.test.ts');
    expect(stack).not.toContain('passwd');
    expect(stack).not.toContain('last');
  });

  it('drops the stack if the message in it cannot be found', () => {
    const error = new Error(PLANTED);
    error.message = 'something else';
    expect(classified(error).stack).not.toContain(PLANTED);
  });

  it('passes on a cancellation and what was classified before', () => {
    const cancelled = new CancelledFailure('broken off');
    expect(toFailure(cancelled)).toBe(cancelled);
    const own = ownFailure('NO_SFTP_SERVER');
    expect(toFailure(own)).toBe(own);
    expect(own.nonRetryable).toBe(true);
  });
});
