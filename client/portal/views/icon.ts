/** The mark of Rollcall: a register with a tick. */
import { raw } from 'hono/html';

const SHAPES =
  '<rect x="3" y="2.5" width="18" height="19" rx="3" fill="none" stroke="currentColor" stroke-width="1.8"/>' +
  '<path d="M7 7.5h10M7 16.5h4" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>' +
  '<path d="m7 12 2.5 2.5L16.5 10" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>';

/** Beside the name, so it says nothing of its own. */
export const MARK = raw(
  `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES}</svg>`,
);

export const ICON_PATH = '/assets/icon.svg';
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" color="#2b8a70">${SHAPES}</svg>`;
