/** Who gets which letter. */
import type { MailRequest, MailTemplate } from '../../workflows/contract.js';
import { correctionNeeded, correctionReminder, fileRefused, planRejected } from './correction.js';
import type { Template } from './letter.js';
import { live, loginTest, loginTestReminder } from './logins.js';
import { filterEmpty, sourceProblem, syncFailed, syncHeld, syncRefused } from './nights.js';
import { escalation, loginProblem, planReady } from './support.js';
import { invitation, uploadReminder } from './upload.js';

interface Entry {
  readonly to: 'district' | 'support';
  readonly write: Template;
}
const district = (write: Template): Entry => ({ to: 'district', write });
const support = (write: Template): Entry => ({ to: 'support', write });

const LETTERS: Readonly<Record<MailTemplate, Entry>> = Object.freeze({
  invitation: district(invitation),
  'upload-reminder': district(uploadReminder),
  'correction-needed': district(correctionNeeded),
  'correction-reminder': district(correctionReminder),
  'file-refused': district(fileRefused),
  'plan-rejected': district(planRejected),
  'login-test': district(loginTest),
  'login-test-reminder': district(loginTestReminder),
  live: district(live),
  'sync-refused': district(syncRefused),
  'plan-ready': support(planReady),
  'login-problem': support(loginProblem),
  escalation: support(escalation),
  'sync-held': support(syncHeld),
  'sync-failed': support(syncFailed),
  'source-problem': support(sourceProblem),
});

const REFUSALS: readonly MailTemplate[] = ['file-refused', 'sync-refused'];

/** A file is the district's to mend; how we get at it (SFTP_AUTH and its like) is support's. */
export function letterFor({ template, problem }: MailRequest): Entry {
  if (problem === 'FILTER_EMPTY' && REFUSALS.includes(template)) return support(filterEmpty);
  if (template === 'sync-refused' && problem?.startsWith('SFTP_')) return LETTERS['source-problem'];
  if (template === 'source-problem' && problem === 'NOT_A_FILE') return LETTERS['file-refused'];
  return LETTERS[template];
}
