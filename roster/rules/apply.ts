/** All rules that look at a file as a whole, in the order in which they may build on each other. */
import type { Disputes } from '../reading/disputes.js';
import type { FindingList } from '../reading/finding-list.js';
import { compareWithKnown, NOTHING_KNOWN } from './compare.js';
import { markDamagedIds, markShortenedIds } from './damaged-ids.js';
import type { LostId, SpoiltId } from './damaged-ids.js';
import { markDomains } from './domains.js';
import type { Known } from './known-roster.js';
import { marks } from './marks.js';
import type { Said } from './said.js';
import { markSwappedNames } from './swapped-names.js';
import { markTeachersAsStudents } from './teacher-as-student.js';
import { markTestPersons } from './test-persons.js';
import { markDamagedNames, markFormulas } from './values.js';

export interface RulesResult {
  /** Lines of accepted rows that an error rejects after all, ascending. */
  readonly rejectedLines: readonly number[];
  readonly lostIds: readonly LostId[];
}

/**
 * Adds the findings of every rule. Rows that disagree about an id which a spreadsheet program
 * spoilt are not told of besides: that is one mistake, not two.
 * @throws what `known` throws
 */
export async function applyRules(
  said: Said,
  disputes: Disputes,
  findings: FindingList,
  known: Known | null,
): Promise<RulesResult> {
  const marked = marks(findings.severityOf);
  const isLost = ({ code }: SpoiltId): boolean => findings.severityOf(code) === 'error';
  const compared = known === null ? NOTHING_KNOWN : await compareWithKnown(said, marked, known);
  const spoilt = [...compared.spoiltIds, ...markShortenedIds(said, marked, compared)];
  disputes.mark(said.rows, marked, spoilt.filter(isLost));
  markDomains(said, marked);
  markSwappedNames(said, marked, compared.swapped);
  markTeachersAsStudents(said, marked);
  markTestPersons(said, marked);
  markFormulas(said, marked);
  markDamagedNames(said, marked);
  const rejected = marked.report(said.rows, findings);

  // What is usual in a column is told by the rows that are left: so a file without its rejected
  // rows is judged the same again. Each round may take rows away that spoke for another id.
  for (;;) {
    const damaged = markDamagedIds(said, marked, compared, spoilt);
    if (damaged.length === 0) break;
    spoilt.push(...damaged);
    for (const line of marked.report(said.rows, findings)) rejected.push(line);
  }
  const lostIds = spoilt.filter(isLost).map(({ column, value }) => ({ column, value }));
  return { rejectedLines: rejected.sort((a, b) => a - b), lostIds };
}
