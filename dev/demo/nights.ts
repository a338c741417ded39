/** The table that the demo ends with: what each sync changed. */
import Table from 'cli-table3';
import type { RunRecord } from '../../client/index.js';

export interface Night {
  readonly name: string;
  readonly run: RunRecord;
}

const KINDS = ['students', 'enrollments', 'classes', 'teachers', 'schools'] as const;

/** One line per night; `+added ~changed -deactivated ↺reactivated`, a dot where nothing happened. */
export function nightsTable(nights: readonly Night[]): string {
  const table = new Table({
    head: ['', 'run', 'outcome', ...KINDS],
    style: { head: [], border: [] },
  });
  for (const { name, run } of nights) {
    const cells = KINDS.map((kind) => {
      const totals = run.changes?.[kind];
      if (!totals) return '·';
      const parts = [
        totals.added > 0 && `+${totals.added}`,
        totals.changed > 0 && `~${totals.changed}`,
        totals.reactivated > 0 && `↺${totals.reactivated}`,
        totals.deactivated > 0 && `-${totals.deactivated}`,
      ].filter((part) => part !== false);
      return parts.length > 0 ? parts.join(' ') : '·';
    });
    table.push([name, String(run.run), run.outcome ?? '–', ...cells]);
  }
  return table.toString();
}
