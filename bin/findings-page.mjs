// Writes docs/findings.md from the catalogue: `npm run docs:findings`.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { findingsPage } from '../roster/findings-page.ts';

const file = path.resolve(import.meta.dirname, '../docs/findings.md');
const config = await resolveConfig(file);
await writeFile(file, await format(findingsPage(), { ...config, filepath: file }));
