#!/usr/bin/env node
/** `npx rollcall …`. In a clone it runs the sources; with ROLLCALL_DIST=1 what `npm run build` made. */
import { checkNode, ensureDependencies } from './ensure.mjs';
import { followNpm } from './npm-parent.mjs';

checkNode();
followNpm();
try {
  const { main } = await load();
  process.exitCode = await main(process.argv.slice(2));
  // A handle that somebody forgot must not keep a finished command from ending.
  setTimeout(() => process.exit(), 3_000).unref();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(3);
}

async function load() {
  if (process.env.ROLLCALL_DIST === '1') return import('../dist/client/cli/main.js');
  await ensureDependencies();
  const { register } = await import('tsx/esm/api');
  register();
  return import('../client/cli/main.ts');
}
