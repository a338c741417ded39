#!/usr/bin/env node
/** `npm run build`: dist/ for production, with the workflows bundled beforehand. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkNode, ensureDependencies, root } from './ensure.mjs';
import { followNpm } from './npm-parent.mjs';

checkNode();
followNpm();
await ensureDependencies({ dev: true });
const dist = path.join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
const { code } = await bundleWorkflowCode({
  workflowsPath: path.join(dist, 'workflows/index.js'),
  payloadConverterPath: path.join(dist, 'workflows/payload-converter.js'),
  logger: new DefaultLogger('ERROR'),
});
writeFileSync(path.join(dist, 'workflow-bundle.js'), code);
console.log('built dist/; run it with ROLLCALL_DIST=1 npx rollcall …');
