import type { Vendor } from '../../../config/vendor.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';

/** A mail as the development sink keeps it. */
export interface ShownMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

const LINK = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)])/;

/** Splitting by a group leaves the links at the odd places. */
const linked = (text: string): Html[] =>
  text
    .split(LINK)
    .map((part, n) => (n % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));

/** `/dev/mails`: everything that the mail sink took, newest first. */
export function mailsPage(vendor: Vendor, mails: readonly ShownMail[]): Html {
  return layout({
    title: 'Mails sent',
    vendor,
    body: html`<h1>Mails sent</h1>
      <p class="lead">
        Development only: the mail sink keeps every message instead of delivering it. Newest first.
      </p>
      ${
        mails.length === 0
          ? html`<p class="card">No mail yet. Start the onboarding of a district to see one.</p>`
          : mails.map(oneMail)
      }`,
  });
}

const oneMail = (mail: ShownMail): Html =>
  html`<article class="card mail">
    <h2>${mail.subject}</h2>
    <p class="soft">To ${mail.to.join(', ')} · <time datetime="${mail.at}">${mail.at}</time></p>
    <pre>${linked(mail.text)}</pre>
  </article>`;
