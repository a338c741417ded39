/** People who were entered to try a system out, and came along in the export. */
import { TEST_DOMAINS, TEST_NAMES } from './data/test-persons.js';
import type { Marks } from './marks.js';
import { PEOPLE_COLUMNS } from './people.js';
import type { Attribute, Said } from './said.js';

export function markTestPersons(said: Said, marks: Marks): void {
  for (const { role, key, first, last } of PEOPLE_COLUMNS) {
    const table = said.table(key);
    const firsts = candidates(said, first);
    const lasts = candidates(said, last);
    for (let id = 0; id < table.size(); id++) {
      const address = table.value(id);
      const isTest =
        TEST_DOMAINS.has(address.slice(address.indexOf('@') + 1)) ||
        isTestName(firsts.get(said.attribute(first, id)), lasts.get(said.attribute(last, id)));
      if (!isTest) continue;
      const name = [said.text(first, id), said.text(last, id)].filter(Boolean).join(' ');
      marks
        .add({ code: 'TEST_PERSON', column: key, value: name || address, subject: address })
        .on(role, id);
    }
  }
}

const PARTS: ReadonlySet<string> = new Set([...TEST_NAMES].flatMap((name) => name.split('|')));

/** The numbers of a column's values that are part of a test name. */
function candidates(said: Said, column: Attribute): Map<number, string> {
  const found = new Map<number, string>();
  for (let id = 0; id < said.table(column).size(); id++) {
    const folded = said.folded(column, id);
    if (PARTS.has(folded)) found.set(id, folded);
  }
  return found;
}

const isTestName = (first: string | undefined, last: string | undefined): boolean =>
  first !== undefined && last !== undefined && TEST_NAMES.has(`${first}|${last}`);
