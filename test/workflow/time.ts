/** A test server on which weeks pass in milliseconds, with one worker, and a world per district. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  Client,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { cacheFolder } from '../../config/cache.js';
import { findTimeSkippingServer } from '../../dev/time-skipping-server.js';
import {
  type Activities,
  DUTIES,
  type HousekeepingInput,
  type PreviewInput,
  type Progress,
  type SyncProgress,
  type UndoInput,
} from '../../workflows/contract.js';
import {
  filterPreviewId,
  housekeepingId,
  onboardingId,
  syncId,
  TASK_QUEUE,
  undoId,
} from '../../workflows/ids.js';
import { PROFILES } from '../../workflows/profiles.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/publish.js';
import type { Stage, SyncStage } from '../../workflows/stages.js';
import { recordHistory } from '../replay/record.js';
import { until } from '../support/wait.js';
import { isQuiet, pendingActivities } from './quiet.js';
import { skip } from './skip.js';
import { type TestFile, World } from './world.js';

const KEYWORD = 2;
const ACTIVITIES = Object.keys(PROFILES) as (keyof Activities)[];

/** One workflow under test, with the world that it acts upon. */
export interface Driven<P> {
  readonly world: World;
  readonly handle: WorkflowHandle;
  readonly progress: () => Promise<P>;
  /** Waits, without letting time pass, until it stands in that stage. */
  readonly reaches: (stage: P extends Progress ? Stage : SyncStage) => Promise<P>;
  /**
   * Puts a file into the folder. Waits for the watch to have looked before: the test server cannot
   * bear that a watch ends in the moment in which it is cancelled (the real one can).
   */
  readonly upload: (file: TestFile) => Promise<void>;
  /** Waits until the watch has looked in vain and nothing else is under way. */
  readonly rests: () => Promise<void>;
  /** When nothing is under way. With no payload, the signal has no argument at all. */
  readonly signal: (name: string, ...payload: unknown[]) => Promise<void>;
  /** When nothing is under way. */
  readonly terminate: () => Promise<void>;
  /** In the middle of whatever is under way. */
  readonly signalAtOnce: (name: string, ...payload: unknown[]) => Promise<void>;
}
export type DrivenOnboarding = Driven<Progress>;
export type DrivenSync = Driven<SyncProgress>;

export interface TimeTravel {
  readonly client: Client;
  /** Lets time pass: milliseconds of the test server's clock. */
  pass(ms: number): Promise<void>;
  newWorld(): World;
  onboard(world?: World): Promise<DrivenOnboarding>;
  sync(world?: World, occasion?: string): Promise<DrivenSync>;
  undo(world: World, input: Omit<UndoInput, 'district'>): Promise<DrivenSync>;
  /** Over these worlds, or over one of them. */
  keepHouse(
    worlds: readonly World[],
    input?: HousekeepingInput,
  ): Promise<WorkflowHandleWithFirstExecutionRunId>;
  lookAtFilter(world: World, input: Omit<PreviewInput, 'district'>): Promise<WorkflowHandle>;
  /** Another workflow of that world, for example one that an onboarding started. */
  existing(world: World, workflowId: string): DrivenSync;
}

/** Starts everything before the tests of a file and stops it after them. */
export function timeTravel(): TimeTravel {
  const worlds = new Map<string, World>();
  const started: { readonly world: World; readonly handle: WorkflowHandle }[] = [];
  let env: TestWorkflowEnvironment | undefined;
  let client: Client | undefined;
  let worker: Worker | undefined;
  let running: Promise<void> | undefined;

  beforeAll(async () => {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: 'OFF' } },
    });
    env = await startServer();
    // Not the environment's own client, which lets time pass whenever a result is awaited.
    client = new Client({ connection: env.connection });
    worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: { codePath: inject('workflowBundle') },
      activities: Object.fromEntries(
        ACTIVITIES.map((name) => [name, (input: never) => answer(worlds, name, input)]),
      ),
    });
    running = worker.run();
  });
  afterEach(async () => {
    // What still waits would be woken, and asked, whenever a later test lets time pass.
    // And what is ended in the middle of a task would keep the server from ever skipping time.
    for (const [nth, { handle, world }] of started.splice(0).entries()) {
      await pauses(handle, world);
      await recordHistory(expect.getState().currentTestName ?? '', handle, nth);
      await handle.terminate().catch(() => undefined);
    }
  });
  afterAll(async () => {
    worker?.shutdown();
    await running;
    await env?.teardown();
  });

  const pauses = (handle: WorkflowHandle, world: World) =>
    until(`${handle.workflowId} pauses`, () => isQuiet(handle, world, () => env!.currentTimeMs()));
  const isAllQuiet = async (): Promise<boolean> => {
    for (const { handle, world } of started)
      if (!(await isQuiet(handle, world, () => env!.currentTimeMs()))) return false;
    return [...worlds.values()].every(({ busy }) => busy === 0);
  };
  const start = async (type: string, world: World, workflowId: string, more: object = {}) => {
    worlds.set(world.district, world);
    const args = [{ district: world.district, ...more }];
    const handle = await client!.workflow.start(type, { taskQueue: TASK_QUEUE, workflowId, args });
    started.push({ handle, world });
    return drive(world, handle, pauses);
  };
  const keepHouse = async (house: readonly World[], input?: HousekeepingInput) => {
    worlds.clear();
    for (const world of house) worlds.set(world.district, world);
    const workflowId = housekeepingId(input?.district);
    const args = input ? [input] : [];
    const options = { taskQueue: TASK_QUEUE, workflowId, args };
    const handle = await client!.workflow.start('housekeeping', options);
    started.push({ handle, world: house[0]! });
    return handle;
  };
  let districts = 0;
  const newWorld = () => new World(`district-${(districts += 1)}`);
  return {
    get client() {
      return client!;
    },
    pass: (ms) => skip(env!, ms, isAllQuiet),
    newWorld,
    onboard: (world = newWorld()) =>
      start('districtOnboarding', world, onboardingId(world.district)) as Promise<DrivenOnboarding>,
    sync: (world = newWorld(), occasion = 'by-hand') =>
      start('rosterSync', world, syncId(world.district, occasion)) as Promise<DrivenSync>,
    undo: (world, input) =>
      start('rosterUndo', world, undoId(world.district, input.run), input) as Promise<DrivenSync>,
    keepHouse,
    lookAtFilter: async (world, input) =>
      (await start('filterPreview', world, filterPreviewId(world.district, 'one'), input)).handle,
    existing(world, workflowId) {
      const handle = client!.workflow.getHandle(workflowId);
      started.push({ handle, world });
      return drive(world, handle, pauses);
    },
  };
}

function drive<P extends Progress | SyncProgress>(
  world: World,
  handle: WorkflowHandle,
  pauses: (handle: WorkflowHandle, world: World) => Promise<unknown>,
): Driven<P> {
  const progress = () => handle.query<P>('progress');
  const rests = async () => {
    await until(`the folder of ${world.district} is watched`, async () =>
      (await pendingActivities(handle)).some((one) => one.name === 'watchForUpload'),
    );
    await pauses(handle, world);
  };
  return {
    world,
    handle,
    progress,
    rests,
    upload: async (file) => {
      await rests();
      world.file = file;
    },
    // An activity that is cancelled before a worker took it up would hold up the server's clock.
    signal: async (name, ...payload) => {
      await pauses(handle, world);
      await handle.signal(name, ...payload);
    },
    terminate: async () => {
      await pauses(handle, world);
      await handle.terminate();
    },
    signalAtOnce: (name, ...payload) => handle.signal(name, ...payload),
    reaches: (stage) =>
      until(`${handle.workflowId} in stage ${stage}`, async () => {
        const now = await progress();
        if (now.stage === stage) return now;
        throw new Error(`it is in ${now.stage}`);
      }),
  };
}

async function answer(
  worlds: ReadonlyMap<string, World>,
  name: keyof Activities,
  input: { district: string },
): Promise<unknown> {
  if (name === 'nextDistricts') return pageOf([...worlds.keys()].sort(), input as never);
  const world = worlds.get(input.district);
  if (!world) throw new Error(`no test knows ${input.district}`);
  const { currentAttemptScheduledTimestampMs: at } = Context.current().info;
  return world.call(name, input as never, at);
}

/** As the store answers: ids in their order, behind one of them. */
function pageOf(
  all: readonly string[],
  { after, most, only }: Parameters<Activities['nextDistricts']>[0],
): Awaited<ReturnType<Activities['nextDistricts']>> {
  if (only !== undefined && !all.includes(only))
    throw ApplicationFailure.nonRetryable('no such district', 'DISTRICT_UNKNOWN');
  if (only !== undefined) return { districts: [only], next: null, duties: DUTIES };
  const districts = all.filter((id) => id > (after ?? '')).slice(0, most);
  return {
    districts,
    next: districts.length < most ? null : (districts.at(-1) ?? null),
    duties: DUTIES,
  };
}

/** The SDK gives the server five seconds to come up, which a busy machine may exceed. */
export async function startServer(): Promise<TestWorkflowEnvironment> {
  const executable = await findTimeSkippingServer({
    cacheDir: cacheFolder(process.env),
    say: (line) => console.log(line),
  });
  for (let tries = 1; ; tries += 1) {
    try {
      const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
      await env.connection.operatorService.addSearchAttributes({
        namespace: 'default',
        searchAttributes: Object.fromEntries(
          Object.values(SEARCH_ATTRIBUTES).map(({ name }) => [name, KEYWORD]),
        ),
      });
      return env;
    } catch (error) {
      if (tries === 4) throw error;
    }
  }
}
