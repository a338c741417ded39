import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../roster/catalogue.js';
import { findingsPage } from '../../roster/findings-page.js';

const file = path.resolve(import.meta.dirname, '../../docs/findings.md');

it('docs/findings.md says what the catalogue says; npm run docs:findings brings it up to date', async () => {
  const config = await resolveConfig(file);
  const made = await format(findingsPage(), { ...config, filepath: file });
  expect(readFileSync(file, 'utf8')).toBe(made);
});

it('has every code once, under its severity', () => {
  const page = findingsPage();
  for (const code of Object.keys(CATALOGUE)) {
    expect(page.split(`### ${code}\n`)).toHaveLength(2);
  }
});
