import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.js';
import { down, refused, RollcallError } from '../errors.js';
import { readFilter } from '../filter-input.js';
import { describeWorkflow } from '../onboarding.js';
import { stageAttributes } from '../search-attributes.js';
import type { FilterSeen, Rollcall } from '../types.js';
import { workerSeen } from '../worker-seen.js';
import { askPreview, confirmFilter } from '../../store/config/filters.js';
import { getPreview } from '../../store/read/filter.js';
import { filterPreviewId, TASK_QUEUE } from '../../workflows/ids.js';

type Verbs = Pick<Rollcall, 'previewFilter' | 'setFilter'>;

const LOOK_EVERY_MS = 200;
/** Before that a worker may just be slow to take the first task. */
const PATIENCE_MS = 4_000;
/** Started, and its first task scheduled: nobody has taken it yet. */
const UNTOUCHED_EVENTS = 2;

export function filterVerbs(context: Context): Verbs {
  return {
    async previewFilter(id, wanted) {
      const filter = readFilter(wanted);
      await context.district(id);
      const preview = await context.store((db) => askPreview(db, id, filter));
      const workflowId = await startLook(context, id, preview);
      await looked(context, id, workflowId);
      return seen(context, id, preview);
    },

    async setFilter(id, preview) {
      await context.district(id);
      try {
        return await context.store((db) => confirmFilter(db, id, preview));
      } catch (error) {
        throw inWords(error, id);
      }
    },
  };
}

/** The history has the id of the preview; the filter itself stands in the store. */
async function startLook(context: Context, district: string, preview: string): Promise<string> {
  const workflowId = filterPreviewId(district, preview);
  const typedSearchAttributes = await stageAttributes(district, undefined, 'system');
  await context.temporal((client) =>
    client.workflow.start('filterPreview', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ district, preview }],
      typedSearchAttributes,
      staticSummary: `A filter for ${district}, looked at`,
    }),
  );
  return workflowId;
}

async function looked(context: Context, district: string, workflowId: string): Promise<void> {
  const began = Date.now();
  for (;;) {
    const now = await describeWorkflow(context, workflowId);
    const state = now?.status.name;
    if (state === 'COMPLETED') return;
    if (!now || state !== 'RUNNING') {
      throw refused(
        'PREVIEW_FAILED',
        `The file of ${district} could not be looked at (${state?.toLowerCase() ?? 'gone'}); nothing was set. The Temporal UI tells more at ${workflowId}.`,
      );
    }
    if (now.historyLength <= UNTOUCHED_EVENTS && Date.now() - began > PATIENCE_MS) {
      if (!(await workerSeen(context)).running) {
        throw down(
          'NO_WORKER',
          'A worker has the file, and none is running: start one with `npx rollcall worker` (or `up`), then look again. Nothing was set.',
        );
      }
    }
    await pause(LOOK_EVERY_MS);
  }
}

async function seen(context: Context, district: string, preview: string): Promise<FilterSeen> {
  const found = await context.store((db) => getPreview(db, district, preview));
  if (!found?.result) {
    throw refused(
      'PREVIEW_UNKNOWN',
      `Another filter for ${district} was looked at meanwhile; look again.`,
    );
  }
  return { district, preview, filter: found.filter, ...found.result };
}

function inWords(error: unknown, id: string): unknown {
  if (!(error instanceof RollcallError)) return error;
  const words: Readonly<Record<string, string>> = {
    PREVIEW_UNKNOWN: `There is no such preview of ${id}, or another one was made since: look again with \`npx rollcall filter ${id} …\`. Nothing was set.`,
    PREVIEW_OLD: `A newer file of ${id} has come since that preview: look again. Nothing was set.`,
    PREVIEW_EMPTY: `No class of ${id}’s file would be left, so it was not set; compare the filter with the file.`,
    PREVIEW_BLIND: `The newest file of ${id} could not be looked at with this filter, so it was not set: \`npx rollcall sync ${id}\` fetches it anew.`,
  };
  const message = words[error.code];
  return message === undefined ? error : refused(error.code, message);
}
