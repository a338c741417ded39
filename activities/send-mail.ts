import { getDistrict } from '../store/config/districts.js';
import { mintLink } from '../store/config/links.js';
import { claimMail, markSent } from '../store/mails.js';
import type { Activities } from '../workflows/contract.js';
import type { Deps } from './deps.js';
import { gatherFacts } from './mail/gather.js';
import { letterFor } from './mail/index.js';
import { setLetter } from './mail/letter.js';
import { MailRefused } from './ports.js';

/**
 * Sends the mail of a business key, once. Between the mail server's yes and our note of it a
 * crash may fall; the next attempt then sends the same Message-ID, which mail servers drop.
 */
export const sendMail =
  (deps: Deps): Activities['sendMail'] =>
  async (request) => {
    const { district: id, key, template } = request;
    const district = await getDistrict(deps.db, id);
    const claim = await claimMail(deps.db, { district: id, key, template });
    if (claim.state === 'sent') return { sent: true };

    const { to, write } = letterFor(request);
    // Support reads its mails in a mailbox of many: it gets commands instead of a link that opens.
    const pageUrl = to === 'district' ? `${deps.portalUrl}/l/${await mintLink(deps.db, id)}` : null;
    const facts = await gatherFacts(deps, district, request, pageUrl);
    const { subject, text } = setLetter(write(facts), facts);
    const address = to === 'district' ? district.contact : deps.vendor.supportAddress;
    try {
      await deps.mailer.send({ to: address, subject, text, messageId: claim.messageId });
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      deps.log.warn({ district: id, template, key, status: error.code }, 'mail refused');
      return { sent: false };
    }
    await markSent(deps.db, { district: id, key });
    deps.log.info({ district: id, template, key }, 'mail sent');
    return { sent: true };
  };
