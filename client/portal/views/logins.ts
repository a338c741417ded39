import type { Product } from '../../../config/vendor.js';
import type { DistrictView } from '../view-model.js';
import { SHOWS_LOGINS } from '../words.js';
import { districtPath } from '../session.js';
import { html, type Html } from './html.js';

/** The longest reason that the form takes, in characters. */
export const LONGEST_REASON = 500;

/** The sample logins, where to sign in, and the two answers. */
export function loginsView(view: DistrictView): Html {
  const stage = view.now?.stage;
  if (!stage || stage === 'not-started' || !SHOWS_LOGINS.includes(stage)) return html``;
  return html`<section class="card" aria-labelledby="logins">
    <h2 id="logins">Logins to try</h2>
    ${view.logins ? peopleView(view) : html`<p>We are still choosing them; reload in a minute.</p>`}
    ${productsView(view.products)} ${answersView(view, stage === 'login-problem')}
  </section>`;
}

function peopleView({ logins }: DistrictView): Html {
  const people = [
    ...(logins?.teachers ?? []).map((one) => ({ ...one, who: 'Teacher' })),
    ...(logins?.students ?? []).map((one) => ({
      ...one,
      who: one.gradeLevel ? `Student, grade ${one.gradeLevel}` : 'Student',
    })),
  ];
  return html`<p>
      They come from your own file. The user name is the email address; each person signs in as
      usual in your district.
    </p>
    <ul class="people">
      ${people.map(
        (one) =>
          html`<li>
            <strong>${one.firstName} ${one.lastName}</strong>
            <code class="copy">${one.email}</code>
            <span class="soft">${[one.who, one.school].filter(Boolean).join(' · ')}</span>
          </li>`,
      )}
    </ul>`;
}

const productsView = (products: readonly Product[]): Html =>
  products.length === 0
    ? html``
    : html`<h3>Where to sign in</h3>
        <ul>
          ${products.map(
            ({ name, loginUrl }) =>
              html`<li>
                <a href="${loginUrl}" rel="noreferrer">${name}</a> · ${shown(loginUrl)}
              </li>`,
          )}
        </ul>`;

function answersView(view: DistrictView, toldBefore: boolean): Html {
  const base = districtPath(view.district.id);
  return html`<h3>How did it go?</h3>
    <form class="actions" method="post" action="${base}/logins-ok">
      <button>${toldBefore ? 'The logins work now' : 'The logins work'}</button>
    </form>
    ${toldBefore ? '' : failedView(view, base)}`;
}

/** Open from the start if there is something to mend in it. */
function failedView({ reason: wrong }: DistrictView, base: string): Html {
  return html`<details class="answer" ${wrong ? 'open' : ''}>
    <summary>They do not work</summary>
    <form method="post" action="${base}/logins-failed">
      <label for="reason">What happens?</label>
      <p class="hint" id="reason-hint">
        One or two sentences, for example “students see ‘unknown user’, teachers get in”. Please
        write no names or email addresses.
      </p>
      ${wrong ? html`<p class="field-error" id="reason-error">${wrong.error}</p>` : ''}
      <textarea
        id="reason"
        name="reason"
        rows="3"
        maxlength="${LONGEST_REASON}"
        required
        aria-describedby="reason-hint${wrong ? ' reason-error' : ''}"
        ${wrong ? html`aria-invalid="true" autofocus` : ''}
      >
${wrong?.text ?? ''}</textarea>
      <p><button class="quiet">Tell support that they do not work</button></p>
    </form>
  </details>`;
}

const shown = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');
