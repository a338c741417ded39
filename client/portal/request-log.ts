import { pino } from 'pino';
import type { RequestLine } from './app.js';

/** One JSON line a request on standard error; health checks only at level `debug`. */
export function requestLog(level: string): (line: RequestLine) => void {
  const log = pino({ name: 'portal', level }, pino.destination({ fd: 2, sync: true }));
  return (line) => {
    if (line.status >= 500) log.error(line);
    else if (line.route === '/health' || line.route === '/ready') log.debug(line);
    else log.info(line);
  };
}
