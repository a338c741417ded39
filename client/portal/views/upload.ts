import { COLUMNS } from '../../../roster/columns.js';
import type { DistrictView } from '../view-model.js';
import { districtPath } from '../session.js';
import { html, type Html } from './html.js';

/** Where the file goes, and the SFTP password if the server is ours to give one for. */
export function uploadView(view: DistrictView): Html {
  const own = view.district.ownServer !== null;
  return html`<section class="card" aria-labelledby="upload">
    <h2 id="upload">How to upload</h2>
    ${own ? ownServerView(view) : ourServerView(view)}
    <h3>What the file looks like</h3>
    <p>
      One CSV file: its first line names the columns, then comes one row per student in a class.
    </p>
    <details>
      <summary>The ${COLUMNS.length} columns</summary>
      <ul class="columns-list">
        ${COLUMNS.map((name) => html`<li><code>${name}</code></li>`)}
      </ul>
    </details>
    <p>
      <a class="button quiet" href="/sample.csv" download>Download the sample file</a>
    </p>
  </section>`;
}

function ownServerView({ vendor, access }: DistrictView): Html {
  return html`<p>
      We fetch your file from your own SFTP server. Put it there with exactly this name.
    </p>
    ${
      access
        ? facts([
            ['Your server', access.host],
            ['Port', String(access.port)],
            ['Our user name there', access.username],
            ['File', access.path],
            ['Host key fingerprint, as agreed', access.hostKey],
          ])
        : ''
    }
    <p class="hint">If one of these changes, please tell ${vendor.name} support first.</p>`;
}

function ourServerView(view: DistrictView): Html {
  if (!view.access)
    return html`<p class="notice care">
      Support sends you the address and the password for your upload. Save the file as
      <code>${view.district.fileName}</code>.
    </p>`;
  const { host, port, username, path, hostKey } = view.access;
  return html`<p>
      Use any SFTP program, for example FileZilla, WinSCP or Cyberduck, or the export of your
      student information system.
    </p>
    ${facts([
      ['Server', host],
      ['Port', String(port)],
      ['User name', username],
      ['Save the file as', path],
      ['Host key fingerprint', hostKey],
    ])}
    <p class="hint">
      The first time, your program shows a fingerprint: it must be the one above. If it is another,
      stop and tell us.
    </p>
    <h3>Password</h3>
    <p>We keep no readable copy of your password. If you have none, or lost it, make a new one.</p>
    <form method="post" action="${districtPath(view.district.id)}/password">
      <p class="hint" id="replaces">
        It is shown once, and the old password stops working at once, in saved connections and
        automatic uploads too.
      </p>
      <p><button class="quiet" aria-describedby="replaces">Make a new SFTP password</button></p>
    </form>`;
}

const facts = (pairs: readonly (readonly [string, string])[]): Html =>
  html`<dl class="facts">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><code class="copy">${value}</code></dd>
        </div>`,
    )}
  </dl>`;
