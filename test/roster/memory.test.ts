import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const child = path.join(import.meta.dirname, 'memory-child.ts');

/** JavaScript memory in MB; the file itself would take more than twice as much. */
const HEAP = 32;
const ROWS = 400_000;

describe('memory', () => {
  it('holds the distinct people of a file, never the file', { timeout: 120_000 }, async () => {
    const { stdout } = await run(process.execPath, [
      `--max-old-space-size=${HEAP}`,
      '--import',
      'tsx',
      child,
      String(ROWS),
      '30000',
    ]);
    const { read, megabytes } = JSON.parse(stdout) as { read: number; megabytes: number };
    expect(read).toBe(ROWS);
    expect(megabytes).toBeLessThan(300);
  });
});
