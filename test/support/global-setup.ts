/** One real Postgres, one Temporal development server and one workflow bundle for the whole run. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { cacheFolder } from '../../config/cache.js';
import { packageRoot } from '../../config/package-root.js';
import { startPostgres } from '../../dev/postgres.js';
import { findTemporal, startTemporal } from '../../dev/temporal.js';
import { workflowBundle } from '../../worker/workflow-bundle.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the database `rollcall`, as its superuser; testDatabase() makes one per test file. */
    postgresUrl: string;
    /** `host:port` of the run's Temporal; the namespace is `default`. */
    temporalAddress: string;
    /** The program `temporal`, for what only its command line can do. */
    temporalBinary: string;
    /** Path of the workflow bundle, for `Worker.create({ workflowBundle: { codePath } })`. */
    workflowBundle: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const say = (line: string) => console.log(line);
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-tests-'));
  // As root, Postgres runs as a user of its own, who must be able to pass through.
  await chmod(folder, 0o711);
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    await Promise.all(stops.map((stop) => stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const cacheDir = cacheFolder(process.env);
  try {
    // All are awaited before anything is thrown, so that what came up is stopped.
    const parts = await Promise.allSettled([
      startPostgres({ dataDir: path.join(folder, 'postgres'), durable: false }).then((postgres) => {
        stops.push(postgres.stop);
        project.provide('postgresUrl', postgres.url);
      }),
      findTemporal({ cacheDir, env: process.env, say }).then(async (binary) => {
        const temporal = await startTemporal({ binary, dbFile: path.join(folder, 'temporal.db') });
        stops.push(temporal.stop);
        project.provide('temporalBinary', binary);
        project.provide('temporalAddress', temporal.address);
      }),
      // A broken workflow fails the tests that run one, and must not hide what the others say.
      workflowBundle(packageRoot())
        .catch((error: unknown) => `there is no workflow bundle: ${String(error)}`)
        .then((codePath) => project.provide('workflowBundle', codePath)),
    ]);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}
