/** Sends one of the contract's signals. */
import type { Context } from './context.js';
import { refused, usage } from './errors.js';
import { isWorkflowMissing } from './onboarding.js';
import type { Signalled } from './types.js';
import { keepNote } from '../store/config/notes.js';
import type { Approval, SIGNALS, ToldWithReason } from '../workflows/contract.js';

/** By workflow id, never by run id: whichever run is on now takes it. */
export async function sendSignal(
  context: Context,
  to: Pick<Signalled, 'district' | 'workflowId'>,
  signal: keyof typeof SIGNALS,
  told: ToldWithReason | Approval,
): Promise<Signalled> {
  try {
    await context.temporal((client) =>
      client.workflow.getHandle(to.workflowId).signal(signal, told),
    );
  } catch (error) {
    if (!isWorkflowMissing(error)) throw error;
    throw refused(
      'NOTHING_WAITS',
      `${to.workflowId} has ended meanwhile; see \`npx rollcall status ${to.district}\`.`,
    );
  }
  return { district: to.district, workflowId: to.workflowId, signal };
}

/** An id, as it stands in a history for good: no names, no addresses. */
export function readBy(by: string | undefined, otherwise = 'cli'): string {
  const id = by ?? otherwise;
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id)) return id;
  throw usage(
    'BAD_BY',
    '--by: give an id of letters, digits, dots and hyphens, such as support-7; no mail address, as it is kept in the workflow’s history.',
  );
}

/** Keeps the words in the store; what travels is `note/<id>`. */
export async function keepReason(
  context: Context,
  district: string,
  reason: string,
): Promise<string> {
  const text = reason.trim();
  if (text === '' || text.length > 2_000) {
    throw usage('BAD_REASON', '--reason: say why, in 1 to 2000 characters.');
  }
  return context.store((db) => keepNote(db, district, text));
}
