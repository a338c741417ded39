/** What was put right between a cell and its canonical value. */
import type { Column } from '../columns.js';
import type { RepairCode } from '../repairs.js';
import { tidy, untidy } from '../tidy.js';

/** The repairs that a good cell needed; none if it is canonical as it stands. */
export function changesOf(column: Column, cell: string, value: string): RepairCode[] {
  if (cell === value) return [];
  const changes: RepairCode[] = untidy(cell);
  const text = tidy(cell);
  const trimmed = text.trim();
  if (column === 'student_grade_level') {
    if (trimmed !== value) changes.push('GRADE_SPELLING');
    else if (text !== trimmed) changes.push('SPACES_TRIMMED');
    return changes;
  }
  const spaced = trimmed.replace(/\s+/g, ' ');
  if (text !== trimmed || (trimmed !== value && spaced !== trimmed)) changes.push('SPACES_TRIMMED');
  if (value !== trimmed && value !== spaced) changes.push('LETTERS_LOWERED');
  return changes;
}
