/** Reads a large roster that is made while it is read; see memory.test.ts. */
import { readRoster } from '../../roster/read-roster.js';
import { HEADER } from './reading.js';

const [rows, studentsOf] = process.argv.slice(2).map(Number) as [number, number];
/** Every other row says another name of its school, its teacher, its class and its student. */
const isDisputed = process.argv.includes('disputed');
const bytes = new TextEncoder();

/** Every student in six classes, one row after the other, in blocks of about 64 KiB. */
async function* source(): AsyncGenerator<Uint8Array> {
  let text = `${HEADER}\n`;
  for (let row = 0; row < rows; row++) {
    const student = Math.floor(row / 6) % studentsOf;
    const cls = (student * 7 + row * 31) % 3_000;
    const school = cls % 60;
    const name = isDisputed && row % 2 === 1 ? ' or not' : '';
    text +=
      `00${school},School number ${school}${name},teacher.${cls % 900}@district.example,Grace,Kim of ${cls % 900}${name},` +
      `${cls},Science in period ${cls}${name},Student ${student % 4_000},Of the family ${student % 9_000}${name},` +
      `student.number.${student}@students.district.example,${1 + (student % 12)}\n`;
    if (text.length < 65_536) continue;
    yield bytes.encode(text);
    text = '';
  }
  yield bytes.encode(text);
}

/** Every finding is made, as a report would, and none is kept. */
let lines = 0;
const result = await readRoster(source(), () => undefined);
if (result.ok) for (const finding of result.findings) lines += finding.lines?.length ?? 0;
process.stdout.write(
  JSON.stringify({
    lines,
    read: result.ok ? result.rows : result.finding.code,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
