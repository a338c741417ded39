/** Values that look like a spreadsheet program's: formulas, and names that were taken for numbers. */
import type { Column } from '../columns.js';
import type { FindingCode } from '../findings.js';
import { ROLE_OF } from './marks.js';
import type { Mark, Marks } from './marks.js';
import { ATTRIBUTES } from './said.js';
import type { Attribute, Said } from './said.js';

/**
 * `=` and `@` begin a formula whatever follows; `+` and `-` also begin honest text, so that they
 * count only with what a harmful one needs: a call, a sheet or a pipe. With their full-width forms.
 */
const FORMULA = /^(?:[=@＝＠]|[+\-＋－](?=.*[(!|]))/su;
const FIRST_SIGNS = '=@＝＠+-＋－';

export function markFormulas(said: Said, marks: Marks): void {
  for (const { column, role } of [
    { column: 'school_id', role: 'school' },
    { column: 'class_id', role: 'class' },
  ] as const) {
    const table = said.table(column);
    for (let id = 0; id < table.size(); id++) {
      if (isFormula(table.value(id))) add(said, marks, 'FORMULA', column, id).on(role, id);
    }
  }
  markValues(said, marks, 'FORMULA', NAMES, isFormula);
}

const isFormula = (value: string): boolean =>
  FIRST_SIGNS.includes(value[0]!) && FORMULA.test(value);

const NAMES = ATTRIBUTES.filter(({ column }) => column !== 'student_grade_level');
const LABELS = NAMES.filter(({ column }) => column === 'class_name' || column === 'school_name');
const DAMAGED =
  /^(?:\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2}|\d[.,]\d+E\+\d+|#(?:NAME\?|REF!|VALUE!|N\/A|DIV\/0!|NUM!|NULL!))$/;

/** Names of schools and classes: wrong to read, but nothing hangs on them, so the rows stay. */
export function markDamagedNames(said: Said, marks: Marks): void {
  markValues(said, marks, 'VALUE_EXCEL_DAMAGE', LABELS, (value) => DAMAGED.test(value));
}

function markValues(
  said: Said,
  marks: Marks,
  code: FindingCode,
  attributes: readonly { column: Attribute; key: keyof typeof ROLE_OF }[],
  isWanted: (value: string) => boolean,
): void {
  for (const { column, key } of attributes) {
    const table = said.table(column);
    const wanted = new Map<number, Mark>();
    for (let id = 0; id < table.size(); id++) {
      if (isWanted(table.value(id))) wanted.set(id, add(said, marks, code, column, id));
    }
    if (wanted.size === 0) continue;
    for (let id = 0; id < said.table(key).size(); id++) {
      wanted.get(said.attribute(column, id))?.on(ROLE_OF[key], id);
    }
  }
}

function add(said: Said, marks: Marks, code: FindingCode, column: Column, id: number): Mark {
  const value = said.table(column).value(id);
  return marks.add({ code, column, value, subject: value });
}
