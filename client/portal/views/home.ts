import type { Vendor } from '../../../config/vendor.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';

/** `/`: what this is, for somebody who typed the address. */
export function homePage(vendor: Vendor, showMails: boolean): Html {
  return layout({
    title: 'Roster upload for school districts',
    vendor,
    body: html`<div class="card narrow">
      <h1>Roster upload for school districts</h1>
      <p>
        ${vendor.name} uses Rollcall to keep the classes and logins of a school district in step
        with the district's own roster file, every night.
      </p>
      <p>
        Each district has a page of its own. It opens with the link in our mails; there is no
        password to remember.
      </p>
      <p class="actions">
        <a class="button quiet" href="/sample.csv" download>Download the sample file</a>
        ${
          showMails
            ? html`<a class="button quiet" href="/dev/mails">Mails sent (development)</a>`
            : ''
        }
      </p>
    </div>`,
  });
}
