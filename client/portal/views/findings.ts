import type { CauseRecord } from '../../../store/types.js';
import { reportPath } from '../session.js';
import { counted } from '../times.js';
import type { DistrictView } from '../view-model.js';
import { html, type Html } from './html.js';

/** More than this belongs into the full report. */
const MOST_CAUSES = 12;

const TAGS = { error: 'To mend', warning: 'Please check', note: 'Good to know' } as const;

/** What is wrong in the file, one entry a cause, each with lines and how to mend it. */
export function findingsView({ causes, district, lastRead }: DistrictView): Html {
  const errors = causes.filter(({ severity }) => severity === 'error');
  const left = causes.length - MOST_CAUSES;
  return html`<h3>${errors.length > 0 ? 'What to mend, and how' : 'What we noticed'}</h3>
    <p class="hint">
      Line 1 is the line with the column names. Rows with an error are left out; the people in them
      stay as they are until the row is mended.
    </p>
    <ol class="findings">
      ${causes.slice(0, MOST_CAUSES).map(causeView)}
    </ol>
    ${
      left > 0
        ? html`<p>${counted(left, 'more kind', 'more kinds')} of findings are not shown here.</p>`
        : ''
    }
    ${
      lastRead
        ? html`<p>
            <a href="${reportPath(district.id, lastRead.run)}" download
              >All findings, line by line</a
            >
            (a file for your spreadsheet program)
          </p>`
        : ''
    }`;
}

function causeView(cause: CauseRecord): Html {
  const { message, fix, findings, people, rows } = cause;
  return html`<li>
    <p>
      <span class="tag ${cause.severity}">${TAGS[cause.severity]}</span>
      <strong>${message}</strong>
    </p>
    <p>${fix}</p>
    <p class="soft">
      ${[
        findings > 1 && findings !== rows ? counted(findings, 'case') : null,
        people > 0 ? counted(people, 'student') : null,
        rows > 0 ? counted(rows, 'row') : null,
        cause.column ? html`column <code>${cause.column}</code>` : null,
        linesOf(cause),
        valuesOf(cause),
      ]
        .filter((part) => part !== null)
        .map((part, n) => html`${n > 0 ? ' · ' : ''}${part}`)}
    </p>
    <p class="code">${cause.code}</p>
  </li>`;
}

function linesOf({ lines, moreLines }: CauseRecord): string | null {
  if (lines.length === 0) return null;
  const shown = lines.join(', ');
  const more = moreLines > 0 ? ` and ${moreLines} more` : '';
  return `${lines.length + moreLines === 1 ? 'line' : 'lines'} ${shown}${more}`;
}

/** Values that the message does not say already; for a missing column that is none of the file's. */
function valuesOf({ message, values }: CauseRecord): Html | null {
  const unsaid = values.filter((value) => !message.includes(value));
  if (unsaid.length === 0) return null;
  return html`in the file:
  ${unsaid.map((value, n) => html`${n > 0 ? ', ' : ''}<code>${value}</code>`)}`;
}
