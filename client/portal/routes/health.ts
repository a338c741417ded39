import { Hono } from 'hono';
import type { Readiness } from '../readiness.js';
import { notKept } from './context.js';

/** `GET /health`: this process is alive. `GET /ready`: so is what it needs, else 503. */
export function healthRoutes(ready: () => Promise<Readiness>): Hono {
  const app = new Hono();
  app.get('/health', (c) => {
    notKept(c);
    return c.json({ ok: true });
  });
  app.get('/ready', async (c) => {
    notKept(c);
    const answer = await ready();
    return c.json(answer, answer.ready ? 200 : 503);
  });
  return app;
}
