import {
  CancellationScope,
  type ChildWorkflowHandle,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import { syncId } from '../ids.js';
import type { rosterSync } from '../roster-sync.js';
import type { Onboarding } from './state.js';

/**
 * From the login test on, an upload is synced as any later file is: by a sync of its own, which
 * outlives the onboarding, even one that is cancelled, and holds up nothing here.
 */
export async function syncUpload(onboarding: Onboarding): Promise<void> {
  const { state } = onboarding;
  state.uploadsSeen = state.uploadsTold;
  const child = await CancellationScope.nonCancellable(() => startSync(onboarding));
  onboarding.syncing = true;
  const ended = (): void => {
    onboarding.syncing = false;
  };
  // How it ended is its own report's to tell.
  void child.result().then(ended, ended);
}

/** What was left out of the first plan is held by a sync of its own, as any later one is. */
export async function holdRest({ state }: Onboarding, rest: number): Promise<void> {
  const { district } = state;
  try {
    await CancellationScope.nonCancellable(() =>
      startChild<typeof rosterSync>('rosterSync', {
        workflowId: syncId(district, `rest-${rest}`),
        args: [{ district, kind: 'manual', rest }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `${district}: what was left out of the first plan`,
      }),
    );
  } catch (error) {
    if (!isStarted(error)) throw error;
  }
}

/** By name, as its class is not in the workflow package. */
const ALREADY_STARTED = 'WorkflowExecutionAlreadyStartedError';

const isStarted = (error: unknown): boolean =>
  error instanceof Error && error.name === ALREADY_STARTED;

async function startSync({ state }: Onboarding): Promise<ChildWorkflowHandle<typeof rosterSync>> {
  const { district } = state;
  for (;;) {
    state.syncs += 1;
    try {
      return await startChild<typeof rosterSync>('rosterSync', {
        workflowId: syncId(district, `upload-${state.syncs}`),
        args: [{ district, kind: 'manual' }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: `${district}: sync of an upload during the login test`,
      });
    } catch (error) {
      // An earlier onboarding of this district may have left one that is still held.
      if (!isStarted(error)) throw error;
    }
  }
}
