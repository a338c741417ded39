/** docs/findings.md, made of the catalogue: `npm run docs:findings` writes it. */
import { isAcceptable } from './accepted.js';
import { CATALOGUE } from './catalogue.js';
import type { Entry } from './catalogue.js';
import { explain, LINES_MAX } from './findings.js';
import type { Severity } from './findings.js';
import { REPAIRS } from './repairs.js';
import type { RepairEntry } from './repairs.js';
import { RUNS_MAX, SIDES_MAX } from './reading/side-text.js';

const number = (count: number): string => count.toLocaleString('en-US');

const HEAD = `# Findings

Everything that Rollcall can say about a roster file, in words for whoever mends it. This page is made of the catalogue (roster/catalogue.ts, roster/rules/catalogue.ts, roster/repairs.ts) by \`npm run docs:findings\`; do not edit it by hand.

A report shows a finding with its line, its column, its code, the value as it stands in the file, and what to do. Findings about the same school, class, person or value are put together as one cause, ranked by the people whom it touches.

Where rows contradict each other, the value of the finding names every value with every line that says it: \`5 (lines 2–41, 77), 6 (line 42)\`. A row that is left out with them but says nothing about the matter (an empty grade, say) stands under \`lines\` only. The full report and \`--json\` list up to ${number(LINES_MAX)} lines of a finding, and of each disputed column up to ${number(SIDES_MAX)} values with ${number(RUNS_MAX)} line numbers or ranges; what is above that is counted ("and 12 more"), and values that stand on few lines keep theirs. In the CSV a cell that a spreadsheet program would cut goes on in the line below. Pages and terminals show each value with its first lines.
`;

const PARTS: readonly { severity: Severity; title: string; about: string }[] = [
  {
    severity: 'error',
    title: 'Errors',
    about:
      'The rows are left out, or the whole file is. Nothing is changed about the schools, classes and people whom those rows describe: a rejected row is not an absent row.',
  },
  {
    severity: 'warning',
    title: 'Warnings',
    about:
      'The rows stay. A value is left out (a grade that nobody knows), or looks wrong and should be looked at.',
  },
  { severity: 'note', title: 'Notes', about: 'Nothing is lost, and nothing has to be done.' },
];

const REPAIRS_ABOUT =
  'What Rollcall reads as a person would who looks at the file. Nothing has to be done; each is listed with its line, what stands in the file and what was read.';

/** The page as Markdown, before a formatter lays it out. */
export function findingsPage(): string {
  const entries: readonly (readonly [string, Entry])[] = Object.entries(CATALOGUE);
  const parts = PARTS.map(({ severity, title, about }) => {
    const of = entries
      .filter(([, entry]) => entry.severity === severity)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return [`## ${title}`, about, ...of.map(entryText)].join('\n\n');
  });
  return `${[HEAD, ...parts, repairsPart()].join('\n')}\n`;
}

function repairsPart(): string {
  const repairs: readonly (readonly [string, RepairEntry])[] = Object.entries(REPAIRS);
  const list = repairs.map(
    ([code, { message, example }]) => `- **${code}**: ${message} Example: \`${example}\``,
  );
  return ['## Put right', REPAIRS_ABOUT, list.join('\n')].join('\n\n');
}

function entryText([code, entry]: readonly [string, Entry]): string {
  const { message, fix } = explain({ code, rows: 3, count: 2, value: 'class_id' });
  const about = [`- Mend: ${fix}`, `- Example: \`${entry.example}\``];
  if (isAcceptable(code)) {
    about.push(`- Right here: support has it accepted, \`district set ID --accept ${code}\``);
  }
  const lines = [`### ${code}`, message, about.join('\n')];
  return lines.join('\n\n');
}
