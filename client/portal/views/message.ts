import type { Vendor } from '../../../config/vendor.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';

export interface Message {
  readonly title: string;
  /** What happened, then what to do, a sentence or two each. */
  readonly lines: readonly (string | Html)[];
}

/** A page that only says something. */
export function messagePage(vendor: Vendor, message: Message): Html {
  return layout({
    title: message.title,
    vendor,
    body: html`<div class="card narrow">
      <h1>${message.title}</h1>
      ${message.lines.map((line) => html`<p>${line}</p>`)}
    </div>`,
  });
}

const askSupport = (vendor: Vendor): Html =>
  html`Or write to ${vendor.name} support at
    <a href="mailto:${vendor.supportAddress}">${vendor.supportAddress}</a> and ask for a new one.`;

export const linkUnknown = (vendor: Vendor): Message => ({
  title: 'We do not know this link',
  lines: [
    'Perhaps it was cut off when it was copied. Open it again from the newest mail that you have from us, by clicking rather than copying.',
    askSupport(vendor),
  ],
});

export const linkEnded = (vendor: Vendor): Message => ({
  title: 'This link has ended',
  lines: [
    'For your safety our links work for a limited time only. Nothing is lost: please use the link in the newest mail that you have from us.',
    askSupport(vendor),
  ],
});

export const noAccess = (vendor: Vendor): Message => ({
  title: 'Please open your link first',
  lines: [
    'This page belongs to a school district, and this browser has not opened its link, or the link has ended. Please use the link in the newest mail that you have from us.',
    askSupport(vendor),
  ],
});

export const notFound = (): Message => ({
  title: 'There is no such page',
  lines: ['Please use the link in the newest mail that you have from us.'],
});

export const crossSite = (): Message => ({
  title: 'We did not accept that',
  lines: [
    'The form was sent from another site, or by a browser that does not say where it came from. Nothing was changed.',
    'Please open your page with the link in the newest mail and press the button there.',
  ],
});

export const tooLarge = (): Message => ({
  title: 'That was too long',
  lines: ['Nothing was changed. Please go back and write a shorter text.'],
});

export const notForm = (): Message => ({
  title: 'We did not understand that',
  lines: ['This address only takes the forms of our own pages. Nothing was changed.'],
});

export const broken = (vendor: Vendor): Message => ({
  title: 'This page does not work just now',
  lines: [
    'It is not your fault, and what you uploaded or told us before is safe. Please try again in a few minutes.',
    html`If it stays so, write to ${vendor.name} support at
      <a href="mailto:${vendor.supportAddress}">${vendor.supportAddress}</a>.`,
  ],
});
