/** Letters to the vendor's support about an onboarding: what happened, and the commands for it. */
import type { Stage } from '../../workflows/stages.js';
import { STAGE_WAITS_ON } from '../../workflows/stages.js';
import type { Letter, Template } from './letter.js';
import { changeTable, commands, count, limitList } from './phrases.js';

export const planReady: Template = (facts): Letter => {
  const { run, district } = facts;
  const plan = run?.plan;
  return {
    subject: `${district.name}: the test sync is ready for your yes`,
    body: [
      `The first file of ${district.name} was read (run ${run?.run ?? '?'}, ${count(run?.rows ?? 0, 'row', 'rows')}, ${run?.rejected ?? 0} left out). This is what it would load:`,
      ...(plan ? [changeTable(plan)] : []),
      ...(plan && plan.held.length > 0 ? ['It is over a limit:', ...limitList(plan)] : []),
      'Look at it, then say yes or no; a reason goes to the district:',
      commands(
        `plan ${district.id}`,
        `approve ${district.id}`,
        `reject ${district.id} --reason "…"`,
      ),
      'Nothing is loaded until then. If the district uploads another file, you get another mail.',
    ],
  };
};

/** What the district wrote may name pupils, so it stays in the store (or in the signal). */
export const loginProblem: Template = ({ district, note, reason }): Letter => {
  const kept = note ? ` They wrote why; it is kept as ${note}.` : '';
  const told = reason ? ` They said why; it stands in the signal loginTestFailed.` : '';
  return {
    subject: `${district.name}: the logins do not work`,
    body: [
      `${district.name} tried the sample logins and says that they do not work.${kept || told} See how it stands:`,
      commands(`status ${district.id}`),
      'When it is mended, ask them to try again; once they (or you, for them) say that the logins work, the district goes live:',
      commands(`logins-ok ${district.id}`),
      'Until then the roster stays as it is and the nightly sync does not begin.',
    ],
  };
};

const STUCK: Readonly<Partial<Record<Stage, string>>> = {
  'awaiting-upload': 'has not uploaded a roster file',
  'awaiting-correction': 'has not uploaded a corrected file',
  'awaiting-approval': 'has a test sync that waits for your yes or no',
  'awaiting-login-test': 'has not said whether the logins work',
  'login-problem': 'has logins that do not work, and waits for you',
};

export const escalation: Template = ({ district, stage, after }): Letter => {
  const stuck = (stage && STUCK[stage]) ?? 'has not moved on';
  const ours = stage !== null && STAGE_WAITS_ON[stage] === 'support';
  return {
    subject: `${district.name} is stuck: ${stuck}`,
    body: [
      `For ${after.escalation} now ${district.name} ${stuck}.`,
      ours
        ? 'It is your turn:'
        : 'The reminders did not help. A call often does; the contact and the state of things are here:',
      commands(`district show ${district.id}`, `status ${district.id}`),
      ours
        ? 'Nothing goes on until then, and nothing is lost.'
        : 'The reminders go on, nothing else happens until they act, and nothing is lost.',
    ],
  };
};
