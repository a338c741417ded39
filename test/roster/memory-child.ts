/** Reads a large roster that is made while it is read; see memory.test.ts. */
import { readRoster } from '../../roster/read-roster.js';
import { HEADER } from './reading.js';

const [rows, studentsOf] = process.argv.slice(2).map(Number) as [number, number];
const bytes = new TextEncoder();

/** Every student in six classes, one row after the other, in blocks of about 64 KiB. */
async function* source(): AsyncGenerator<Uint8Array> {
  let text = `${HEADER}\n`;
  for (let row = 0; row < rows; row++) {
    const student = Math.floor(row / 6) % studentsOf;
    const cls = (student * 7 + row * 31) % 3_000;
    const school = cls % 60;
    text +=
      `00${school},School number ${school},teacher.${cls % 900}@district.example,Grace,Kim of ${cls % 900},` +
      `${cls},Science in period ${cls},Student ${student % 4_000},Of the family ${student % 9_000},` +
      `student.number.${student}@students.district.example,${1 + (student % 12)}\n`;
    if (text.length < 65_536) continue;
    yield bytes.encode(text);
    text = '';
  }
  yield bytes.encode(text);
}

const result = await readRoster(source(), () => undefined);
process.stdout.write(
  JSON.stringify({
    read: result.ok ? result.rows : result.finding.code,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
