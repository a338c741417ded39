/**
 * Lines that programs write below the last row. Only what cannot be a row is one: a row that was
 * cut off in the middle of an upload must stay an error, as it protects whom it describes.
 */
import { COLUMNS } from '../columns.js';
import { tidy } from '../tidy.js';
import type { Header } from './header.js';

const TRAILERS: readonly RegExp[] = [
  // -----, ===, ***
  /^[^\p{L}\p{N}@]{2,}$/u,
  // -- end --, *** END OF FILE ***, EOF
  /^\W*end of (?:the )?(?:file|report|data|export|list|roster)\W*$/i,
  /^\W+end\W+$/i,
  /^\W*(?:EOF|END)\W*$/,
  // Total: 1200, Grand total 1200, Total records: 1200
  /^\W*(?:grand )?totals?(?: (?:number of )?(?:rows?|records?|students?|lines?|enrollments?))?\W*\d[\d., ]*\W*$/i,
  // Records: 1200, Row count 1200
  /^\W*(?:number of )?(?:rows?|records?|students?|lines?)(?: (?:count|total|exported))?\W+\d[\d., ]*\W*$/i,
  // (1200 rows affected), 1200 records exported
  /^\W*\d[\d., ]* (?:rows?|records?|students?|lines?)(?: (?:selected|exported|affected|returned|in total))?\W*$/i,
  // Generated on 9/1/2026 by SIS
  /^(?:report |file |data )?(?:generated|exported|printed|created)(?: on| by| at|:) .{1,100}$/i,
  /^page \d+(?: of \d+)?$/i,
];
const CELLS_MAX = 4;
const LENGTH_MAX = 200;
const TEACHER = COLUMNS.indexOf('teacher_email');
const STUDENT = COLUMNS.indexOf('student_email');

/** Its text if this record cannot be a row and looks like a trailer; null if not. */
export function trailerText(cells: readonly string[], header: Header): string | null {
  // Quick, as it is asked of every row: where both addresses stand, there is a row.
  if (cells[header.at[STUDENT]!] && cells[header.at[TEACHER]!]) return null;
  const said = cells.map((cell) => tidy(cell).trim()).filter((cell) => cell !== '');
  if (said.length === 0 || said.length > CELLS_MAX) return null;
  const text = said.join(' ');
  if (text.length > LENGTH_MAX || text.includes('@')) return null;
  return TRAILERS.some((trailer) => trailer.test(text)) ? text : null;
}
