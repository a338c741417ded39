/** What the demo must know of a user's own file before it can set up a district for it. */
import { createReadStream } from 'node:fs';
import { readRoster } from '../../roster/read-roster.js';

/** Active students that the file would bring, so that the demo's licence has a seat for each. */
export async function studentsIn(file: string): Promise<number> {
  const result = await readRoster(createReadStream(file), () => undefined);
  return result.ok ? result.counts.students : 0;
}
