/** One round: a sync of every district, all started at once, and where the time went. */
import { TASK_QUEUE, syncId } from '../../workflows/ids.js';
import { fairShare } from '../../workflows/priority.js';
import { timelineOf, type Timeline } from './histories.js';
import { median, part, round, sum } from './numbers.js';
import type { BenchParts } from './parts.js';
import { type PostgresWork, resetWork, workSince } from './postgres-work.js';
import { cpuSeconds } from './usage.js';
import type { BenchWorker, Probed } from './worker.js';

export interface StepTimes {
  readonly name: string;
  readonly count: number;
  /** Milliseconds. */
  readonly waited: { readonly median: number; readonly p95: number };
  readonly took: { readonly median: number; readonly p95: number };
  /** Seconds, over all. */
  readonly tookSum: number;
}
export interface Round {
  readonly name: string;
  readonly syncs: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** From its start to its end, seconds. */
  readonly latency: { readonly median: number; readonly p95: number };
  readonly steps: readonly StepTimes[];
  /** Processor seconds; `bench` has the SFTP server and the mailbox in it. */
  readonly cpu: Readonly<Record<'workers' | 'postgres' | 'temporal' | 'bench', number>>;
  readonly postgres: PostgresWork;
  readonly workers: readonly Probed[];
}

const AT_ONCE = 25;

/** Starts the syncs of these districts. @returns the ids of their workflows */
export async function startSyncs(
  { client }: Pick<BenchParts, 'client'>,
  districts: readonly string[],
  occasion: string,
): Promise<string[]> {
  const ids = districts.map((district) => syncId(district, occasion));
  for (let n = 0; n < ids.length; n += AT_ONCE) {
    await Promise.all(
      districts.slice(n, n + AT_ONCE).map((district) =>
        client.workflow.start('rosterSync', {
          taskQueue: TASK_QUEUE,
          workflowId: syncId(district, occasion),
          args: [{ district }],
          priority: fairShare(district),
        }),
      ),
    );
  }
  return ids;
}

/** One after the other, so that waiting costs the server next to nothing. */
export async function outcomesOf(
  { client }: Pick<BenchParts, 'client'>,
  ids: readonly string[],
): Promise<string[]> {
  const outcomes: string[] = [];
  for (const id of ids) {
    const result = (await client.workflow.getHandle(id).result()) as { outcome: string };
    outcomes.push(result.outcome);
  }
  return outcomes;
}

/** @throws Error if any sync ends otherwise than `wanted` */
export async function measureRound(
  parts: BenchParts,
  workers: readonly BenchWorker[],
  districts: readonly string[],
  { name, wanted }: { name: string; wanted: string },
): Promise<Round> {
  await parts.admin.query('checkpoint');
  const work = await resetWork(parts.admin);
  for (const worker of workers) worker.reset();
  const cpuBefore = cpuOf(parts, workers);
  const began = performance.now();
  const ids = await startSyncs(parts, districts, name);
  const outcomes = await outcomesOf(parts, ids);
  const seconds = (performance.now() - began) / 1000;
  const cpuAfter = cpuOf(parts, workers);
  const postgres = await workSince(parts.admin, work);
  const probed = await Promise.all(workers.map((worker) => worker.report()));
  const others = outcomes.filter((outcome) => outcome !== wanted);
  if (others.length > 0) throw new Error(`${name}: ${others.length} syncs ended as ${others[0]}`);
  const timelines: Timeline[] = [];
  for (const id of ids) timelines.push(await timelineOf(parts.client, id));
  const totals = timelines.map(({ total }) => total / 1000);
  return {
    name,
    syncs: ids.length,
    seconds: round(seconds),
    perSecond: round(ids.length / seconds),
    latency: { median: round(median(totals)), p95: round(part(totals, 0.95)) },
    steps: stepTimes(timelines),
    cpu: {
      workers: round(cpuAfter.workers - cpuBefore.workers),
      postgres: round(cpuAfter.postgres - cpuBefore.postgres),
      temporal: round(cpuAfter.temporal - cpuBefore.temporal),
      bench: round(cpuAfter.bench - cpuBefore.bench),
    },
    postgres,
    workers: probed,
  };
}

function cpuOf({ pids }: BenchParts, workers: readonly BenchWorker[]): Round['cpu'] {
  const { user, system } = process.cpuUsage();
  return {
    workers: sum(workers.map(({ pid }) => cpuSeconds(pid))),
    postgres: cpuSeconds(pids.postgres),
    temporal: cpuSeconds(pids.temporal),
    bench: (user + system) / 1e6,
  };
}

export function stepTimes(timelines: readonly Timeline[]): StepTimes[] {
  const steps = timelines.flatMap((one) => one.steps);
  const names = [...new Set(steps.map(({ name }) => name))];
  return names.map((name) => {
    const of = steps.filter((step) => step.name === name);
    const waited = of.map((step) => step.waited);
    const took = of.map((step) => step.took);
    return {
      name,
      count: of.length,
      waited: { median: round(median(waited)), p95: round(part(waited, 0.95)) },
      took: { median: round(median(took)), p95: round(part(took, 0.95)) },
      tookSum: round(sum(took) / 1000),
    };
  });
}
