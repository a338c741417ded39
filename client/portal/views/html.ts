import type { HtmlEscapedString } from 'hono/utils/html';

export { html } from 'hono/html';
/** A piece of a page; every value that was put in is escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;
