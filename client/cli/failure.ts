/** Any error as one line for people and `{ error: { code, message } }` for scripts. */
import type { Exit } from './command.js';
import { clean, toJson } from './text.js';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exit: Exit;
}

export function failureOf(error: unknown, verbose = false): Failure {
  if (!(error instanceof Error)) return unforeseen('it is no error at all');
  const { code, exit } = error as { code?: unknown; exit?: unknown };
  if (error.name === 'RollcallError' && typeof code === 'string' && (exit === 1 || exit === 2)) {
    return { code, message: error.message, exit };
  }
  if (error.name === 'RollcallError' && typeof code === 'string') {
    return { code, message: error.message, exit: 3 };
  }
  if (error.name === 'ConfigError') {
    const notRunning = 'notRunning' in error && error.notRunning === true;
    return notRunning
      ? { code: 'NOT_RUNNING', message: error.message, exit: 3 }
      : { code: 'BAD_SETTINGS', message: error.message, exit: 2 };
  }
  const what = verbose ? (error.stack ?? error.message) : `${error.name}: ${error.message}`;
  return unforeseen(what);
}

const unforeseen = (what: string): Failure => ({
  code: 'INTERNAL',
  message: `Something unforeseen went wrong (${what}). LOG_LEVEL=debug shows where; please report it.`,
  exit: 3,
});

/** Lists of problems keep their lines; no line holds a control character. */
export function tell(
  { code, message }: Failure,
  json: boolean,
  to: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream },
): void {
  if (json) to.stdout.write(`${toJson({ error: { code, message } })}\n`);
  to.stderr.write(`${message.split('\n').map(clean).join('\n')}\n`);
}
