/**
 * The one place where a thrown thing becomes a failure that Temporal keeps for weeks.
 *
 * Messages of drivers and servers quote rows, addresses and paths, so none of them is passed on:
 * a failure carries a code (its `type`), one of the sentences below, and the stack frames of the
 * original, which name our own files and lines. No cause, no details.
 */
import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
} from '@temporalio/common';
import { StoreError } from '../store/errors.js';
import { sentenceFor } from './error-sentences.js';
import { MailRefused, SourceProblem, SourceUnreachable } from './ports.js';

/** Our own codes that say the same on every try, so that trying again only hides them. */
const FINAL = new Set([
  'NO_SFTP_SERVER',
  'INPUT_INVALID',
  'ARCHIVE_DAMAGED',
  'SCHEDULE_REFUSED',
  'READER_MEMORY',
]);

/** Names that the language gives; a library's own class may be named after what it holds. */
const NATIVE_ERRORS = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'URIError',
]);

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Turns whatever was thrown into what may be written into a history. */
export function toFailure(thrown: unknown): Error {
  if (thrown instanceof CancelledFailure || thrown instanceof ApplicationFailure) return thrown;
  const code = codeOf(thrown);
  const failure = ApplicationFailure.create({
    message: messageOf(thrown, code),
    type: code,
    nonRetryable: isFinal(thrown, code),
  });
  failure.stack = `${failure.name}: ${failure.message}${framesOf(thrown)}`;
  return failure;
}

/** A failure of our own making, for an activity that knows what is wrong. */
export function failureOf(code: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: sentenceFor(code),
    type: code,
    nonRetryable: FINAL.has(code),
  });
}

/**
 * Not an error but Temporal's way to be called again: benign, so that it is neither logged as a
 * warning nor counted as one.
 * @param nextTryIn milliseconds
 */
export function notYet(nextTryIn: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: `no new file yet; next look in ${Math.ceil(nextTryIn / 1000)} s`,
    type: 'NOT_YET',
    nextRetryDelay: nextTryIn,
    category: ApplicationFailureCategory.BENIGN,
  });
}

/**
 * Gives the place on this worker back to others; the queue brings the work back, here or to another
 * worker. Benign, as `notYet`. @param attempt the longer it goes on, the later the next one, so
 * that the tries last for hours
 */
export function notYourTurn(attempt: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: sentenceFor('READERS_BUSY'),
    type: 'READERS_BUSY',
    nextRetryDelay: Math.min(5_000 * attempt, 60_000),
    category: ApplicationFailureCategory.BENIGN,
  });
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof SourceProblem || thrown instanceof StoreError) return thrown.code;
  if (thrown instanceof SourceUnreachable) return 'SFTP_UNREACHABLE';
  if (thrown instanceof MailRefused) return 'MAIL_REFUSED';
  if (!(thrown instanceof Error)) return 'INTERNAL';
  const { code } = thrown as { code?: unknown };
  if (thrown.name === 'ZodError') return 'INPUT_INVALID';
  if (thrown.name === 'AbortError' || thrown.name === 'TimeoutError') return 'ABORTED';
  const status = grpcStatusOf(thrown);
  if (status !== null) return `TEMPORAL_${status}`;
  if (typeof code === 'string' && SQLSTATE.test(code) && 'severity' in thrown) return 'DB_ERROR';
  // Node, ssh2 and nodemailer name their conditions so; a longer code could be anything.
  if (typeof code === 'string' && /^E[A-Z0-9_]{2,30}$/.test(code)) return code;
  // A killed Postgres backend leaves an error of pg without any code.
  if (thrown.message.startsWith('Connection terminated')) return 'DB_UNAVAILABLE';
  return NATIVE_ERRORS.has(thrown.name) ? `INTERNAL_${thrown.name}` : 'INTERNAL';
}

/** Temporal's own service: a small number beside the call's metadata, perhaps wrapped by its SDK. */
function grpcStatusOf(thrown: Error): number | null {
  const call: unknown = thrown.name === 'ServiceError' ? thrown.cause : thrown;
  if (!(call instanceof Error) || !('metadata' in call)) return null;
  const { code } = call as { code?: unknown };
  return typeof code === 'number' ? code : null;
}

/** A sentence of ours; the store's errors are made without values, so theirs are passed on. */
function messageOf(thrown: unknown, code: string): string {
  if (thrown instanceof StoreError) return thrown.message;
  const answered = thrown instanceof MailRefused || thrown instanceof SourceUnreachable;
  return answered ? `${sentenceFor(code)} (${thrown.code})` : sentenceFor(code);
}

function isFinal(thrown: unknown, code: string): boolean {
  if (thrown instanceof SourceProblem || thrown instanceof MailRefused) return true;
  if (thrown instanceof StoreError) return !thrown.retryable && !mayPass(thrown);
  // INVALID_ARGUMENT of Temporal, for example an unknown time zone.
  return code === 'TEMPORAL_3' || FINAL.has(code);
}

/**
 * Data (class 22) and rules (23) will be refused again. But 23505 is a lost race, where the next
 * try sees who won, and all else, a missing table say, the operator mends while this is tried.
 */
function mayPass({ code, fault }: StoreError): boolean {
  if (code !== 'DB_ERROR') return false;
  const state = fault?.sqlState ?? '';
  return state === '23505' || !/^2[23]/.test(state);
}

/** The lines of a stack below its message. None if the message cannot be told apart for certain. */
function framesOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return '';
  const head = thrown.message === '' ? 0 : thrown.stack.indexOf(thrown.message);
  if (head < 0) return '';
  const frames = thrown.stack
    .slice(head + thrown.message.length)
    .split('\n')
    .filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
  return frames.map((frame) => `\n${frame}`).join('');
}
