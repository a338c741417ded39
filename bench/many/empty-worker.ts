/**
 * A worker whose activities do nothing: what is left of a sync is Temporal and its SDK.
 *
 *     TEMPORAL_ADDRESS=… node --import tsx bench/many/empty-worker.ts
 */
import { NativeConnection } from '@temporalio/worker';
import { makeLog, routeSdkLogs } from '../../worker/logging.js';
import { runWorker } from '../../worker/run.js';
import type { Activities, ChangeTotals, RunSummary } from '../../workflows/contract.js';

const NONE = { added: 0, changed: 0, reactivated: 0, deactivated: 0 };
const changes: ChangeTotals = {
  ...{ schools: NONE, teachers: NONE, classes: NONE },
  ...{ classTeachers: NONE, students: NONE, enrollments: NONE },
};
const summary: RunSummary = { run: 1, kind: 'manual', outcome: 'applied' };
const policy = {
  ...{ remindAfter: [], remindEvery: 0, escalateAfter: 0, quietFor: 0, lookEvery: 0, holdFor: 0 },
};
const activities: Partial<Activities> = {
  openRun: async () => ({ run: 1, kind: 'manual' }),
  readPolicy: async () => policy,
  lookForUpload: async () => ({ state: 'ready', bytes: 1, modifiedAt: '2026-11-25T00:00:00Z' }),
  fetchRoster: async () => ({ ok: true, sha256: 'a'.repeat(64), bytes: 1 }),
  readRoster: async () => ({
    ...{ ok: true, rows: 1, accepted: 1, rejected: 0, top: [] },
    findings: { errors: 0, warnings: 0, notes: 0 },
  }),
  makePlan: async () => ({
    ...{ planHash: 'b'.repeat(64), changes, seats: { licensed: 1, before: 1, after: 1 } },
    ...{ held: [], superseded: false, supersedes: [] },
  }),
  applyPlan: async () => ({ outcome: 'applied', changes }),
  writeReport: async () => summary,
};

routeSdkLogs(makeLog('error'));
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS']! });
const worker = await runWorker({
  connection,
  namespace: 'default',
  activities: activities as Activities,
  activitiesAtOnce: 10,
  release: () => connection.close(),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.stop());
console.log('{"worker":"running"}');
await worker.done;
