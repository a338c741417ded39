#!/usr/bin/env node
/** `npm start`: the demo, after installing what is missing. `npm start -- --exit` ends after it. */
process.argv.splice(2, 0, 'demo');
await import('./rollcall.mjs');
