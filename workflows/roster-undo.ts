import { workflowInfo } from '@temporalio/workflow';
import type { RunRef, SyncResult, UndoInput } from './contract.js';
import { tellerOf } from './messages.js';
import { act } from './shared/act.js';
import { runOf } from './shared/input.js';
import { endBroken, endWell } from './sync/end.js';
import { planAndApply } from './sync/plan-and-apply.js';
import { beginSync, type Sync } from './sync/state.js';

/**
 * Undoes one run: a run of its own, with a plan that is made from what the undone one changed, not
 * from a file. Whoever asked for it has seen its plan; it is held where that is another one by
 * now, or would take more seats than there are.
 */
export async function rosterUndo(input: UndoInput): Promise<SyncResult> {
  const sync = beginSync(input, 'planning');
  const undoes = runOf(input);
  try {
    const ref = await openUndo(sync, undoes);
    const { planHash } = input;
    const ending = await planAndApply(sync, ref, {
      plan: () => act('planUndo', ref, `run ${ref.run}: plan to undo run ${undoes}`),
      asked: { by: tellerOf(input), ...(typeof planHash === 'string' ? { planHash } : {}) },
    });
    return await endWell(sync, ref.run, ending);
  } catch (error) {
    return await endBroken(sync, error);
  }
}

/** The run id is the occasion: one run per execution, whoever started it. */
async function openUndo(sync: Sync, undoes: number): Promise<RunRef> {
  const { workflowId, runId: occasion } = workflowInfo();
  const { district } = sync;
  const opening = { district, workflowId, occasion, kind: 'undo', undoes } as const;
  const { run } = await act('openRun', opening, `open the run that undoes run ${undoes}`);
  sync.run = run;
  return { district, run };
}
