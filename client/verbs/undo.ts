import type { Context } from '../context.js';
import { usage } from '../errors.js';
import { followSync } from '../follow.js';
import { stageAttributes } from '../search-attributes.js';
import { readBy } from '../signal.js';
import type { Rollcall } from '../types.js';
import { named } from './history.js';
import { getLeft, previewUndo } from '../../store/read/undo.js';
import { getWhy } from '../../store/read/why.js';
import type { UndoInput } from '../../workflows/contract.js';
import { TASK_QUEUE, undoId } from '../../workflows/ids.js';
import { askedFor } from '../../workflows/priority.js';

type Verbs = Pick<Rollcall, 'previewUndo' | 'undo' | 'leftBy' | 'why'>;

export function undoVerbs(context: Context): Verbs {
  return {
    async previewUndo(id, run) {
      await named(context, id, run);
      return context.store((db) => previewUndo(db, { district: id, run }));
    },

    async undo(id, run, { planHash, by, ...following }) {
      const told = { by: readBy(by), planHash };
      await named(context, id, run);
      const workflowId = await startUndo(context, { district: id, run, ...told });
      const followed = await followSync(context, id, workflowId, following);
      return { district: id, undoes: run, workflowId, ...followed };
    },

    async leftBy(id, run) {
      await context.district(id);
      return context.store((db) => getLeft(db, { district: id, run }));
    },

    async why(id, what) {
      const text = what.trim();
      if (text === '') throw usage('BAD_KEY', 'Give an email address or a class id.');
      await context.district(id);
      return context.store((db) => getWhy(db, id, text));
    },
  };
}

/** One that is under way already is the one that is followed. */
async function startUndo(context: Context, input: UndoInput): Promise<string> {
  const { district, run } = input;
  const workflowId = undoId(district, run);
  const typedSearchAttributes = await stageAttributes(district, undefined, 'system');
  await context.temporal((client) =>
    client.workflow.start('rosterUndo', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes,
      memo: { since: new Date().toISOString() },
      priority: askedFor(district),
      staticSummary: `Undo of run ${run} of ${district}`,
    }),
  );
  return workflowId;
}
