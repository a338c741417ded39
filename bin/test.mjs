#!/usr/bin/env node
/**
 * `npm test`: installs what is missing, finds the two Temporal servers that the tests run on,
 * runs vitest (arguments go to it) and ends with the true numbers alone on a line.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkNode, ensureDependencies, root } from './ensure.mjs';
import { followNpm } from './npm-parent.mjs';

checkNode();
followNpm();
const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-counts-'));
const file = path.join(folder, 'counts.json');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
try {
  await ensureDependencies({ dev: true });
  await ensureServers();
  process.exitCode = close(await vitest(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Before the tests, as a download or a build in the middle of one would look like a hanging test. */
async function ensureServers() {
  const { register } = await import('tsx/esm/api');
  const unregister = register();
  const { cacheFolder } = await import('../config/cache.ts');
  const { findTemporal } = await import('../dev/temporal-binary.ts');
  const { findTimeSkippingServer } = await import('../dev/time-skipping-server.ts');
  const { env } = process;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const name of SIGNALS) process.on(name, stop);
  const { signal } = stopping;
  const options = { cacheDir: cacheFolder(env), env, signal, say: (line) => console.log(line) };
  try {
    await findTemporal(options);
    signal.throwIfAborted();
    await findTimeSkippingServer(options);
    signal.throwIfAborted();
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
    await unregister();
  }
}

function vitest(args) {
  const program = path.join(root, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${path.join(root, 'bin/counts.mjs')}`];
  const child = spawn(process.execPath, [program, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ROLLCALL_COUNTS: file },
  });
  // A terminal's Ctrl-C reaches vitest by itself, which then stops its servers: wait for that.
  const pass = (signal) => signal !== 'SIGINT' && child.kill(signal);
  for (const name of SIGNALS) process.on(name, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? `signal ${signal}`));
  });
}

/** Prints the closing line; the exit status to end with. */
function close(status) {
  let counts;
  try {
    counts = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.error(`the tests did not come to their end (vitest: ${status})`);
    return 1;
  }
  const { passed, failed, skipped } = counts;
  const silent = process.env.CI === 'true' && skipped > 0;
  if (silent) console.error('with CI=true no test may be skipped');
  if (status !== 0 && failed === 0)
    console.error(`no test failed, but vitest ended with ${status}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return status === 0 && !silent ? 0 : 1;
}
