import { readable, readableHour } from '../times.js';
import type { DistrictView, StageView } from '../view-model.js';
import { MAY_TELL_UPLOAD, NOT_STARTED, SENT_BACK, STAGE_WORDS, turnOf } from '../words.js';
import { districtPath } from '../session.js';
import { html, type Html } from './html.js';

/** What is awaited, from whom, since when, and what the district can do about it here. */
export function nowView(view: DistrictView): Html {
  const { now } = view;
  if (!now) return unknownView();
  if (now.stopped) return stoppedView(view);
  const words = now.stage === 'not-started' ? NOT_STARTED : STAGE_WORDS[now.stage];
  const yours = now.waitingOn === 'district';
  const sentBack = view.rejection !== null && now.stage === 'awaiting-correction';
  return html`<section class="card now${yours ? ' yours' : ''}" aria-labelledby="now">
    ${
      now.stage === 'not-started'
        ? ''
        : html`<span class="turn">${turnOf(now.waitingOn, view.vendor.name)}</span>`
    }
    <h2 id="now">${words.headline}</h2>
    <p>${sentBack ? SENT_BACK : words.explain}</p>
    ${now.stage === 'live' ? nextView(view, now) : ''}
    ${
      sentBack
        ? html`<div class="notice care">
            <p><strong>Support wrote:</strong> ${view.rejection}</p>
          </div>`
        : ''
    }
    ${
      now.since
        ? html`<p class="since">
            Since
            <time datetime="${now.since}">${readable(now.since, view.district.timeZone)}</time>
          </p>`
        : ''
    }
    ${actionsView(view, now)}
  </section>`;
}

function actionsView(view: DistrictView, now: StageView): Html {
  if (now.stage === 'not-started' || !MAY_TELL_UPLOAD.includes(now.stage)) return html``;
  const asked = now.stage === 'awaiting-upload' || now.stage === 'awaiting-correction';
  const form = html`<form
    class="actions"
    method="post"
    action="${districtPath(view.district.id)}/uploaded"
  >
    <button${asked ? '' : html` class="quiet"`}>My file is uploaded</button>
  </form>`;
  if (asked) return form;
  return html`<details class="later">
    <summary>I have a newer file</summary>
    <p class="hint">
      Upload it to the same place with the same name. We notice it by ourselves; the button only
      makes it quicker.
    </p>
    ${form}
  </details>`;
}

function nextView(view: DistrictView, now: StageView): Html {
  if (now.paused)
    return html`<p>
      <strong>The nightly sync is paused.</strong> Support can switch it on again.
    </p>`;
  return html`<p>
    Your file is read every night at ${readableHour(view.district.nightlyAt)}.
    ${
      now.nextSync
        ? html`Next time:
            <strong
              ><time datetime="${now.nextSync}"
                >${readable(now.nextSync, view.district.timeZone)}</time
              ></strong
            >.`
        : ''
    }
  </p>`;
}

const unknownView = (): Html =>
  html`<section class="card now" aria-labelledby="now">
    <h2 id="now">We cannot show the current step just now</h2>
    <p>
      A part of our system does not answer. Nothing is lost, and your file is safe where you
      uploaded it. Please reload this page in a few minutes.
    </p>
  </section>`;

const stoppedView = ({ vendor }: DistrictView): Html =>
  html`<section class="card now" aria-labelledby="now">
    <span class="turn">${turnOf('support', vendor.name)}</span>
    <h2 id="now">Support has to take this up again</h2>
    <p>
      Something on our side came to a stop. There is nothing for you to do; if you wait for news,
      write to
      <a href="mailto:${vendor.supportAddress}">${vendor.supportAddress}</a>.
    </p>
  </section>`;
