/** What went wrong, for a person: `message` is one line that says what to do. */
export class RollcallError extends Error {
  /** For scripts, for example `DISTRICT_UNKNOWN`; it stays when the message gets better words. */
  readonly code: string;
  /** 1 the answer is no, 2 usage or unreadable, 3 something is down. */
  readonly exit: 1 | 2 | 3;

  constructor(code: string, message: string, exit: 1 | 2 | 3) {
    super(message);
    this.name = 'RollcallError';
    this.code = code;
    this.exit = exit;
  }
}

/** The answer is no: the thing asked for cannot be done as things stand. */
export const refused = (code: string, message: string): RollcallError =>
  new RollcallError(code, message, 1);

/** Asked for in a way that cannot be understood. */
export const usage = (code: string, message: string): RollcallError =>
  new RollcallError(code, message, 2);

/** A part does not answer. */
export const down = (code: string, message: string): RollcallError =>
  new RollcallError(code, message, 3);
