/**
 * The one place that names csv-parse. This build needs no `node:` module, only a global Buffer.
 * A bundler for the browser puts `csv-parse/browser/esm/sync`, which brings its own, in its
 * place (an alias of one line; test/roster/browser.test.ts does so). In Node that build takes
 * more than twice as long.
 */
export { parse } from 'csv-parse/sync';
