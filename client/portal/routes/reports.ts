import { Hono } from 'hono';
import { runReport } from '../../../roster/reports/findings-csv.js';
import { RollcallError } from '../../errors.js';
import type { PortalContext } from './context.js';

const NAME = /^run-(\d{1,9})\.csv$/;

/** `/d/:district/reports/run-12.csv`: all findings of that run, sent as they are read. */
export function reportRoutes({ rollcall }: PortalContext): Hono {
  const app = new Hono();
  app.get('/d/:district/reports/:name', async (c) => {
    const run = NAME.exec(c.req.param('name'))?.[1];
    const report = run === undefined ? null : await reportOf(c.req.param('district'), Number(run));
    if (report === null) return c.notFound();
    return c.body(toStream(runReport(report.findings())), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="run-${report.run.run}.csv"`,
    });
  });
  return app;

  async function reportOf(district: string, run: number) {
    try {
      return await rollcall.report(district, run);
    } catch (error) {
      if (error instanceof RollcallError && error.exit === 2) return null;
      throw error;
    }
  }
}

function toStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
