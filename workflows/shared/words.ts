/** Short English for the Temporal UI: ids and counts only, never a name. */
import type { RunSummary } from '../contract.js';

const SECOND = 1000;
const UNITS = [
  { name: 'day', ms: 86_400 * SECOND },
  { name: 'hour', ms: 3600 * SECOND },
  { name: 'minute', ms: 60 * SECOND },
] as const;

/** `3 days`, `1 hour`, `90 seconds`: the largest unit that divides it, else the nearest. */
export function duration(ms: number): string {
  const unit =
    UNITS.find((one) => ms >= one.ms && ms % one.ms === 0) ?? UNITS.find((one) => ms >= 2 * one.ms);
  return unit
    ? counted(Math.round(ms / unit.ms), unit.name)
    : counted(Math.round(ms / SECOND), 'second');
}

/** `1 error`, `1,200 rows`. */
export function counted(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** `2026-11-24 08:00 UTC` of an ISO 8601 time. */
export const clock = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** `Run 2: 1,200 rows, 3 errors, refused (HEADER_ONLY)`, as far as it is known. */
export function runInWords(run: RunSummary): string {
  const facts = [
    run.rows === undefined ? null : counted(run.rows, 'row'),
    run.findings?.errors ? counted(run.findings.errors, 'error') : null,
    run.outcome ? `${run.outcome}${run.problem ? ` (${run.problem})` : ''}` : null,
    run.restOf === undefined ? null : `what run ${run.restOf} left out`,
  ].filter((fact) => fact !== null);
  return `Run ${run.run}: ${facts.join(', ')}`;
}

/** Without `Intl`, whose data differs from host to host. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
