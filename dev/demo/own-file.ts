/** What the demo must know of a user's own file before it can set up a district for it. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Rollcall } from '../../client/index.js';
import { explain } from '../../roster/findings.js';
import { readRoster } from '../../roster/read-roster.js';
import { SAMPLE } from '../sample/index.js';

export interface OwnFile {
  /** Absolute. */
  readonly file: string;
  /** Active students that it would bring, so that the demo's licence has a seat for each. */
  readonly students: number;
}

/** Or one line that says why nothing of the file can be used, and how to mend it. */
export async function readOwnFile(file: string): Promise<OwnFile | { readonly problem: string }> {
  const result = await readRoster(createReadStream(file), () => undefined);
  if (!result.ok) {
    const { message, fix } = explain(result.finding);
    const { line } = result.finding;
    return { problem: `${line === null ? '' : `line ${line}: `}${message} ${fix}` };
  }
  if (result.accepted === 0)
    return { problem: `None of its rows can be used: npx rollcall check ${path.basename(file)}` };
  return { file, students: result.counts.students };
}

/**
 * The first of `maple-valley` (or `my-district`), `…-2` … whose demo has not been carried to its
 * end. One that was begun with a smaller file gets the seats that this one needs.
 */
export async function demoDistrict(
  rollcall: Pick<Rollcall, 'listDistricts' | 'addDistrict' | 'setDistrict'>,
  own: OwnFile | undefined,
  say: (line: string) => void,
): Promise<string> {
  const known = new Map((await rollcall.listDistricts()).map((one) => [one.id, one]));
  const base = own ? 'my-district' : SAMPLE.district.id;
  const seats = own?.students ?? SAMPLE.district.seats;
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    const district = known.get(id);
    if (district?.liveAt) continue;
    if (district) {
      say(`${id} was begun before and goes on`);
      if (district.seats < seats) {
        await rollcall.setDistrict(id, { seats });
        say(`  it gets ${seats} seats instead of ${district.seats}`);
      }
      return id;
    }
    const name = own ? 'My district' : SAMPLE.district.name;
    await rollcall.addDistrict({ ...SAMPLE.district, id, name, seats });
    say(`${id} is added with ${seats} seats`);
    return id;
  }
}
