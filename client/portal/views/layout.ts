import type { Vendor } from '../../../config/vendor.js';
import { STYLESHEET_PATH } from '../style/index.js';
import { ICON_PATH, MARK } from './icon.js';
import { html, type Html } from './html.js';

export interface Page {
  readonly title: string;
  readonly vendor: Vendor;
  readonly body: Html;
}

/** The frame of every page: one stylesheet, no script, landmarks, a way past the header. */
export function layout({ title, vendor, body }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Rollcall</title>
        <link rel="icon" type="image/svg+xml" href="${ICON_PATH}" />
        <link rel="stylesheet" href="${STYLESHEET_PATH}" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="masthead">
          <div class="frame">
            <span class="brand">${MARK}Rollcall</span>
            <span class="by">for ${vendor.name}</span>
          </div>
        </header>
        <main id="content" tabindex="-1"><div class="frame">${body}</div></main>
        <footer class="footer">
          <div class="frame">
            Questions? Write to ${vendor.name} support:
            <a href="mailto:${vendor.supportAddress}">${vendor.supportAddress}</a>
          </div>
        </footer>
      </body>
    </html>`;
}
