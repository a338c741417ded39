import type { Vendor } from '../../../config/vendor.js';
import type { Credentials } from '../../index.js';
import { districtPath } from '../session.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';

/** The answer to "make a new SFTP password": the only page that ever shows it. */
export function passwordPage(vendor: Vendor, district: string, made: Credentials): Html {
  return layout({
    title: 'Your new SFTP password',
    vendor,
    body: html`<div class="card narrow">
      <h1>Your new SFTP password</h1>
      <p>For the user name <code>${made.username}</code>:</p>
      <p><code class="secret">${made.password}</code></p>
      <div class="notice care">
        <p><strong>We show it only this once.</strong> Keep it in your password manager now.</p>
        <p>It replaces the old password, which has stopped working.</p>
      </div>
      <p class="actions">
        <a class="button" href="${districtPath(district)}">I have kept it, go back</a>
      </p>
    </div>`,
  });
}
