/** Letters to a district whose file needs mending. */
import type { Letter, LetterFacts, Template } from './letter.js';
import { causeList, count } from './phrases.js';
import { problemWords } from './problems.js';

const UNTIL_THEN =
  'Until a new file is there nothing is loaded and nothing is changed. We notice the new file by ourselves.';

export const correctionNeeded: Template = (facts): Letter => ({
  subject: `${facts.district.name}: your roster file needs a correction`,
  body: [
    `Thank you, your file has arrived and we could read it. ${rowsToMend(facts)}`,
    ...(facts.run ? causeList(facts.run) : []),
    `Each of them, with its line in the file, stands on your page. Please mend them in the system that the file comes from, so that they stay mended, export again and upload the file to the same place under the same name (${facts.upload.path}).`,
    UNTIL_THEN,
    'If these rows can wait, tell support: they can load the file without them.',
  ],
});

export const correctionReminder: Template = (facts): Letter => ({
  subject: `${facts.district.name}: we are still waiting for your corrected file`,
  body: [
    `The last roster file of ${facts.district.name} needs a correction, and we have not seen a new one since. ${rowsToMend(facts)}`.trim(),
    ...(facts.run ? causeList(facts.run) : []),
    `What to mend, line by line, stands on your page. Please upload the corrected file to the same place under the same name (${facts.upload.path}).`,
    UNTIL_THEN,
  ],
});

export const fileRefused: Template = (facts): Letter => ({
  subject: `${facts.district.name}: your roster file could not be read`,
  body: [
    facts.run === null
      ? 'We looked for your roster file, but could not use what is there, so nothing was loaded:'
      : 'Thank you for your file. Sadly we could not use it as it is, so nothing was loaded:',
    ...whyRefused(facts),
    `When you have mended it, please upload it to the same place under the same name (${facts.upload.path}).`,
    UNTIL_THEN,
  ],
});

export const planRejected: Template = (facts): Letter => ({
  subject: `${facts.district.name}: please look at your roster file again`,
  body: [
    'Our support team looked over what your file would load, and asks you to change something first:',
    `  ${facts.reason ?? 'No reason was given; please ask support.'}`,
    `Please upload the changed file to the same place under the same name (${facts.upload.path}).`,
    UNTIL_THEN,
  ],
});

/** The reading's own words if it got that far, else what kept us from the file. */
export function whyRefused({ run, problem }: LetterFacts): string[] {
  const causes = run ? causeList(run) : [];
  if (causes.length > 0) return causes;
  const { message, fix } = problemWords(problem);
  return [`  - ${message}\n    ${fix}`];
}

function rowsToMend({ run }: LetterFacts): string {
  if (!run || run.rows === null || !run.rejected) return '';
  const some = run.rejected.toLocaleString('en');
  const they = run.rejected === 1 ? 'it is' : 'they are';
  return `${some} of its ${count(run.rows, 'row', 'rows')} cannot be used as ${they}:`;
}
