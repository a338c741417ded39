/** Findings of a run that name one person or class. Holds cell values, as all findings do. */
import type { Db } from '../db.js';
import { rows } from '../sql.js';
import type { FindingRecord } from '../types.js';

const MOST = 50;
const LINES = 20;

/**
 * Those whose value or subject is that key. A class's id may be any text, so that of a class counts
 * only in a column of classes; an address names nobody else.
 */
export function findingsAbout(
  db: Db,
  at: { readonly districtKey: number; readonly run: number },
  about: { readonly kind: 'student' | 'teacher' | 'class'; readonly key: string },
): Promise<FindingRecord[]> {
  const [texts, column] =
    about.kind === 'class'
      ? ['value = ? or subject = ?', `(col is null or col like 'class%')`]
      : ['lower(value) = ? or lower(subject) = ?', 'true'];
  return rows<FindingRecord>(
    db,
    `select code, severity, line, col as column, value, subject, row_count as rows, people,
            case when lines = '{}' and line is not null then array[line] else lines[1:${LINES}] end
              as lines
     from rollcall.findings
     where district_key = ? and run = ? and (${texts}) and ${column} order by seq limit ${MOST}`,
    [at.districtKey, at.run, about.key, about.key],
  );
}
