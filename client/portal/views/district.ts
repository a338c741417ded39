import type { DistrictView } from '../view-model.js';
import { html, type Html } from './html.js';
import { lastRunView } from './last-run.js';
import { layout } from './layout.js';
import { loginsView } from './logins.js';
import { nowView } from './now.js';
import { stepsView } from './steps.js';
import { uploadView } from './upload.js';

/** The district's page. */
export function districtPage(view: DistrictView): Html {
  const { district, now, flash } = view;
  return layout({
    title: `${view.reason ? 'Error: ' : ''}${district.name}`,
    vendor: view.vendor,
    body: html`<h1>${district.name}</h1>
      <p class="lead">Your class rosters for ${view.vendor.name}, step by step.</p>
      ${flash ? html`<p class="notice ${flash.tone}" role="status">${flash.text}</p>` : ''}
      ${now ? stepsView(now.stage, now.waitingOn) : ''}
      <div class="columns">
        <div>${nowView(view)} ${loginsView(view)} ${lastRunView(view)}</div>
        <div>${uploadView(view)}</div>
      </div>`,
  });
}
