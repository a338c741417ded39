import { createServer } from 'node:net';

/**
 * `preferred` if it can be listened on right now, else a port that the system chooses. Another
 * program may still take it before its user does: starters try again when that happens.
 */
export async function freePort(preferred = 0, host = '127.0.0.1'): Promise<number> {
  if (preferred !== 0 && (await tryPort(preferred, host)) !== null) return preferred;
  const port = await tryPort(0, host);
  if (port === null) throw new Error(`no port can be opened on ${host}`);
  return port;
}

/** The port listened on for a moment, or null if it is taken or not allowed. */
function tryPort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const found = address !== null && typeof address === 'object' ? address.port : null;
      server.close(() => resolve(found));
    });
  });
}
