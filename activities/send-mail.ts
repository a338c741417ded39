import { getDistrict } from '../store/config/districts.js';
import { mintLink } from '../store/config/links.js';
import { withMailLock } from '../store/lock.js';
import { claimMail, markSent } from '../store/mails.js';
import type { District } from '../store/types.js';
import type { Activities, MailRequest } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { gatherFacts } from './mail/gather.js';
import { letterFor } from './mail/index.js';
import { setLetter } from './mail/letter.js';
import { MailRefused, type OutgoingMail } from './ports.js';

/**
 * Sends the mail of a business key, once. Between the mail server's yes and our note of it a
 * crash may fall; the next attempt then sends the same Message-ID, which mail servers drop. An
 * attempt that Temporal gave up may still be sending when the next one begins: the lock keeps it
 * waiting for that one's end.
 */
export const sendMail =
  (deps: Deps): Activities['sendMail'] =>
  async (request) => {
    const district = await getDistrict(deps.db, request.district);
    return withMailLock(deps.db, request, () => sendOnce(deps, district, request));
  };

async function sendOnce(
  deps: Deps,
  district: District,
  request: MailRequest,
): Promise<{ sent: boolean }> {
  const { district: id, key, template } = request;
  const claim = await claimMail(deps.db, { district: id, key, template });
  if (claim.state === 'sent') return { sent: true };
  const mail = await compose(deps, district, request);
  try {
    await deps.mailer.send({ ...mail, messageId: claim.messageId });
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    deps.log.warn({ district: id, template, key, status: error.code }, 'mail refused');
    return { sent: false };
  }
  await markSent(deps.db, { district: id, key });
  deps.log.info({ district: id, template, key }, 'mail sent');
  return { sent: true };
}

async function compose(
  deps: Deps,
  district: District,
  request: MailRequest,
): Promise<Omit<OutgoingMail, 'messageId'>> {
  const { to, write } = letterFor(request);
  // Support reads its mails in a mailbox of many: it gets commands instead of a link that opens.
  const link = to === 'district' ? await mintLink(deps.db, district.id) : null;
  const pageUrl = link && `${deps.portalUrl}/l/${link}`;
  const facts = await gatherFacts(deps, district, request, pageUrl);
  const address = to === 'district' ? district.contact : deps.vendor.supportAddress;
  return { to: address, ...setLetter(write(facts), facts) };
}
