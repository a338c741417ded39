import type { RunRecord } from '../../../store/types.js';
import type { Outcome } from '../../../workflows/contract.js';
import { PROBLEMS, type Advice } from '../problems.js';
import { counted, readable } from '../times.js';
import type { DistrictView } from '../view-model.js';
import { findingsView } from './findings.js';
import { html, type Html } from './html.js';
import { repairsView } from './repairs.js';

/** The last file we looked at: how it went, how many rows, what to mend. */
export function lastRunView(view: DistrictView): Html {
  const { lastRun, lastRead } = view;
  if (!lastRun) return html``;
  return html`<section class="card" aria-labelledby="last-run">
    <h2 id="last-run">The last file we looked at</h2>
    <p class="soft">
      <time datetime="${lastRun.startedAt}"
        >${readable(lastRun.startedAt, view.district.timeZone)}</time
      >
      · ${howItWent(lastRun, view.now?.stage)}
    </p>
    ${problemView(view)} ${lastRead ? countsView(lastRead) : ''}
    ${view.causes.length > 0 ? findingsView(view) : lastRead ? allGoodView(lastRead) : ''}
    ${repairsView(view)}
  </section>`;
}

/** Only where no finding says it more exactly. */
function problemView({ lastRun, causes }: DistrictView): Html {
  const problem = lastRun?.problem ?? null;
  if (problem === null || causes.some(({ severity }) => severity === 'error')) return html``;
  const { message, fix } = adviceOn(problem);
  return html`<div class="notice bad">
    <p><strong>${message}</strong></p>
    <p>${fix}</p>
  </div>`;
}

function countsView(run: RunRecord): Html {
  const rows = run.file?.rows;
  if (rows === null || rows === undefined) return html``;
  const counts: readonly (readonly [string, number | null])[] = [
    [rows === 1 ? 'row in the file' : 'rows in the file', rows],
    ['accepted', run.accepted],
    ['left out', run.rejected],
    ['of classes not taken here', run.outside && run.outside.rows + run.outside.rejected],
    [run.findings?.warnings === 1 ? 'warning' : 'warnings', run.findings?.warnings ?? null],
  ];
  return html`<dl class="counts">
    ${counts.map(([name, n]) =>
      n === null
        ? ''
        : html`<div>
            <dt>${name}</dt>
            <dd>${n.toLocaleString('en-US')}</dd>
          </div>`,
    )}
  </dl>`;
}

const allGoodView = (run: RunRecord): Html =>
  run.file?.rows && run.findings && run.findings.errors + run.findings.warnings === 0
    ? html`<p>No mistakes found in ${counted(run.file.rows, 'row')}.</p>`
    : html``;

/** A plan that is held counts as checked while the district is asked for a better file. */
function howItWent({ outcome, findings }: RunRecord, stage: string | undefined): string {
  const asked = stage === 'awaiting-correction' && outcome === 'held';
  if (outcome !== null && !asked) return OUTCOME_WORDS[outcome];
  return findings ? 'checked, not loaded' : 'still being worked on';
}

/** How a run went, for somebody who does not know our words. */
const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  applied: 'loaded',
  unchanged: 'the same file as before',
  held: 'waits for support to look it over',
  rejected: 'not loaded: support asked for a correction',
  refused: 'not loaded: the file could not be taken',
  failed: 'not loaded: something on our side went wrong, and support knows',
};

const isKnown = (code: string): code is keyof typeof PROBLEMS => Object.hasOwn(PROBLEMS, code);

const adviceOn = (code: string): Advice =>
  isKnown(code)
    ? PROBLEMS[code]
    : { message: `The file could not be taken (${code}).`, fix: 'Please ask support.' };
