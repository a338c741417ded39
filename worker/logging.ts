import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type DestinationStream, type Logger, pino } from 'pino';
import { toFailure } from '../activities/errors.js';

/** Fields that no log line may hold, at the top or one below, whoever wrote it. */
const SECRET_FIELDS = [
  'password', 'secret', 'privateKey', 'token', 'apiKey', 'email', 'address', 'to', 'contact',
  'name', 'firstName', 'lastName', 'value', 'url', 'reason',
]; // prettier-ignore

/**
 * A logger that writes JSON lines to standard error, as standard output belongs to commands with
 * `--json`. Errors pass the same classifier as failures do, so that no driver's words get in.
 * @param level of pino: trace, debug, info, warn, error, fatal, silent
 */
export function makeLog(
  level: string,
  destination: DestinationStream = pino.destination(2),
): Logger {
  return pino(
    {
      level,
      base: { service: 'rollcall' },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), remove: true },
      serializers: { error: describeError, err: describeError },
    },
    destination,
  );
}

function describeError(error: unknown): object {
  const failure = toFailure(error);
  const { type } = failure as { type?: string };
  return { type: type ?? failure.name, message: failure.message, stack: failure.stack };
}

const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/**
 * Sends the SDK's own lines through `log`. The runtime is one for the process and can be set up
 * only before its first use: where something else used it already, its lines stay where they go.
 */
export function routeSdkLogs(log: Logger): void {
  const sdkLog = log.child({ part: 'temporal' });
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    const { taskToken: _taskToken, ...fields } = meta ?? {};
    sdkLog[LEVELS[level]](fields, message);
  });
  try {
    Runtime.install({ logger });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'IllegalStateError') throw error;
  }
}
