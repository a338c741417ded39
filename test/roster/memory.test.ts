import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const child = path.join(import.meta.dirname, 'memory-child.ts');

/** JavaScript memory in MB; the file itself would take more than twice as much. */
const HEAP = 32;
const ROWS = 400_000;

async function readIn(heap: number, ...args: string[]) {
  const { stdout } = await run(process.execPath, [
    `--max-old-space-size=${heap}`,
    '--import',
    'tsx',
    child,
    ...args,
  ]);
  return JSON.parse(stdout) as { read: number; lines: number; megabytes: number };
}

describe('memory', () => {
  it('holds the distinct people of a file, never the file', { timeout: 120_000 }, async () => {
    const { read, megabytes } = await readIn(HEAP, String(ROWS), '30000');
    expect(read).toBe(ROWS);
    expect(megabytes).toBeLessThan(300);
  });

  it(
    'holds every line of every conflict, where each row is in four',
    { timeout: 120_000 },
    async () => {
      const { read, lines, megabytes } = await readIn(5 * HEAP, String(ROWS), '30000', 'disputed');
      expect(read).toBe(ROWS);
      // Each row is in a conflict of its school, its teacher, its class and its student.
      expect(lines).toBe(4 * ROWS);
      expect(megabytes).toBeLessThan(400);
    },
  );
});
