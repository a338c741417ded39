/** Runs in words and rows, for people. */
import type { Io } from './io.js';
import { many } from './text.js';
import { changesLine, totalsLine } from '../../roster/plan-words.js';
import type { RunRecord } from '../../store/types.js';
import type { Outcome, SyncResult } from '../../workflows/contract.js';

export { changesLine, totalsLine };

const STYLES: Readonly<Record<Outcome, 'green' | 'yellow' | 'red'>> = {
  applied: 'green',
  unchanged: 'green',
  held: 'yellow',
  rejected: 'yellow',
  refused: 'red',
  failed: 'red',
};

export const styleOf = (outcome: Outcome | null): 'green' | 'yellow' | 'red' | null =>
  outcome && STYLES[outcome];

export const paintOutcome = (io: Io, outcome: Outcome | null): string =>
  outcome === null ? 'under way' : io.paint(STYLES[outcome], outcome);

export function findingsLine(findings: RunRecord['findings']): string {
  if (!findings) return '–';
  const { errors, warnings, notes } = findings;
  const parts = [
    errors > 0 ? many(errors, 'error') : '',
    warnings > 0 ? many(warnings, 'warning') : '',
    notes > 0 ? many(notes, 'note') : '',
  ].filter(Boolean);
  return parts.join(', ') || 'none';
}

/** The same bytes as in another run, `sameAs`, which was rejected or is an undo of them. */
const rejectedBy = ({ endedBy, sameAs }: SyncResult): string =>
  endedBy ?? (sameAs === undefined ? 'by support' : `the same file as before; see run ${sameAs}`);

/** What a sync came to, and what to do next if something is to be done. */
export function outcomeLine(
  io: Io,
  id: string,
  result: SyncResult,
  record: RunRecord | null,
): string {
  const head = `Run ${result.run} of ${id}: ${paintOutcome(io, result.outcome)}`;
  const changes = changesLine(result.changes ?? record?.changes);
  const report = `npx rollcall report ${id} ${result.run}`;
  const held = result.heldBy ?? result.run;
  const restOf = result.restOf ?? record?.restOf ?? null;
  const rest = restOf === null ? '' : `: what run ${restOf} left out, which was applied`;
  const lines: Readonly<Record<Outcome, string>> = {
    applied: `(${changes})`,
    unchanged: '(the roster already stands as this file says)',
    held: `(${changes})${rest}. Look at it with npx rollcall plan ${id} ${held}, then npx rollcall approve ${id} or reject ${id}.`,
    rejected: `(${rejectedBy(result)}); nothing was changed.`,
    refused: `(${result.problem ?? 'the file cannot be read'}); nothing was changed. See ${report}`,
    failed: `(${record?.errorCode ?? 'see the Temporal UI'}); nothing was changed.`,
  };
  return `${head} ${lines[result.outcome]}`;
}
