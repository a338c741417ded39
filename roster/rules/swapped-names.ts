/**
 * People whose first and last name stand in each other's column, as their address tells. Whether
 * a file's addresses say first.last or last.first is its own habit; who goes against it is swapped.
 */
import type { Mark, Marks } from './marks.js';
import { PEOPLE_COLUMNS } from './people.js';
import type { PersonColumns } from './people.js';
import type { Said } from './said.js';

/** So many follow the habit, and so many times as many as go against it. */
const FEWEST = 3;
const TIMES = 4;

/** `known`: people whose names the last good file had the other way round. */
export function markSwappedNames(
  said: Said,
  marks: Marks,
  known: Readonly<Record<PersonColumns['role'], ReadonlySet<number>>>,
): void {
  for (const columns of PEOPLE_COLUMNS) {
    const { straight, reversed } = readAddresses(said, columns);
    const isStraight = straight.length >= FEWEST && straight.length >= TIMES * reversed.length;
    const isReversed = reversed.length >= FEWEST && reversed.length >= TIMES * straight.length;
    const swapped = new Set(isStraight ? reversed : isReversed ? straight : []);
    for (const id of known[columns.role]) swapped.add(id);
    for (const id of swapped) mark(said, marks, columns, id);
  }
}

function mark(
  said: Said,
  marks: Marks,
  { role, key, first, last }: PersonColumns,
  id: number,
): Mark {
  const value = `${said.text(first, id)} / ${said.text(last, id)}`;
  const subject = said.table(key).value(id);
  return marks.add({ code: 'NAMES_SWAPPED', column: first, value, subject }).on(role, id);
}

/** Who has first.last and who has last.first as address. All others say nothing. */
function readAddresses(said: Said, { key, first, last }: PersonColumns) {
  const table = said.table(key);
  const straight: number[] = [];
  const reversed: number[] = [];
  for (let id = 0; id < table.size(); id++) {
    const parts = LOCAL.exec(table.value(id));
    if (parts === null) continue;
    const firstId = said.attribute(first, id);
    const lastId = said.attribute(last, id);
    if (firstId < 0 || lastId < 0) continue;
    const [a, b] = [said.folded(first, firstId), said.folded(last, lastId)];
    if (a === b) continue;
    if (parts[1] === a && parts[2] === b) straight.push(id);
    else if (parts[1] === b && parts[2] === a) reversed.push(id);
  }
  return { straight, reversed };
}

/** Two words with a sign between them, perhaps a number behind. */
const LOCAL = /^([a-z]+)[._-]([a-z]+)\d*@/;
