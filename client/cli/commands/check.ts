import type { ReadStream } from 'node:fs';
import path from 'node:path';
import { argument, type CommandSpec, type Exit, type Run } from '../command.js';
import { clean, count, many } from '../text.js';
import { usage } from '../../errors.js';
import type { CheckJson } from '../../../roster/report.js';

export const check: CommandSpec = {
  name: 'check',
  summary: 'read a roster file and say what is wrong with it; needs no server',
  about:
    'The same reading as in a sync. Status 0: no errors. 1: errors, whose rows would be left out. 2: the file cannot be used at all.',
  args: [['<file>', 'a roster as CSV']],
  options: [{ flags: '--report <out.csv>', about: 'write all findings to this file' }],
  examples: ['check roster.csv', 'check roster.csv --report findings.csv'],
  async run(run) {
    const name = argument(run);
    const report = run.options.text('report');
    const { file, stream, size } = await openFile(run, name, report);
    const result = await read(run, stream, size);
    // Before the answer: a file that cannot be written is an answer of its own.
    if (report !== undefined) {
      const { writeFindings } = await import('../write-csv.js');
      const written = await writeFindings(run.cwd, report, result.findings);
      run.io.remark(`${many(result.findings.length, 'finding')} written to ${clean(written)}`);
    }
    run.io.answer(result);
    if (result.problem !== null) return refusedFile(run, file, result);
    await show(run, file, result, report !== undefined);
    return result.ok ? 0 : 1;
  },
};

async function openFile(run: Run, name: string, report: string | undefined) {
  const { createReadStream } = await import('node:fs');
  const { realpath, stat } = await import('node:fs/promises');
  const file = path.resolve(run.cwd, name);
  const bad = (code: string, what: string) =>
    usage(code, `${clean(name)} ${what}; give the path of a roster file as CSV.`);
  try {
    const { size } = await stat(file).then((found) => {
      if (found.isDirectory()) throw bad('NOT_A_FILE', 'is a folder');
      if (!found.isFile() && !found.isFIFO()) throw bad('NOT_A_FILE', 'is not a file');
      return found;
    });
    if (report !== undefined) {
      const target = path.resolve(run.cwd, report);
      if (
        target === file ||
        (await realpath(target).catch(() => null)) === (await realpath(file))
      ) {
        throw usage('CANNOT_WRITE', '--report would overwrite the roster file; give another path.');
      }
    }
    return { file, stream: createReadStream(file), size };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw bad('NO_FILE', 'does not exist');
    if (code === 'EACCES' || code === 'EPERM') throw bad('UNREADABLE', 'may not be read by you');
    throw error;
  }
}

async function read(run: Run, stream: ReadStream, size: number): Promise<CheckJson> {
  const { readRoster } = await import('../../../roster/read-roster.js');
  const { toCheckJson } = await import('../../../roster/report.js');
  const { readingMeter } = await import('../meter.js');
  const onProgress = readingMeter(run.io, size);
  try {
    const result = await readRoster(stream, () => undefined, { onProgress });
    return toCheckJson(result);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !stream.errored) throw error;
    throw usage('UNREADABLE', `The file cannot be read (${code}); try a copy of it.`);
  } finally {
    stream.destroy();
    run.io.progress(null);
  }
}

/** Nothing of it can be used: one line says why. */
function refusedFile({ io }: Run, file: string, { findings: [finding] }: CheckJson): Exit {
  const line = finding?.line == null ? '' : ` (line ${finding.line})`;
  io.remark(
    `${clean(path.basename(file))}${line}: ${finding?.message ?? 'It cannot be read.'} ${finding?.fix ?? ''}`.trim(),
  );
  return 2;
}

async function show(run: Run, file: string, result: CheckJson, written: boolean): Promise<void> {
  const { io } = run;
  const { counts, rows, accepted, rejected, totals, repairs, causes, findings } = result;
  const name = clean(path.basename(file));
  const verdict = result.ok
    ? io.paint('green', 'ready to upload')
    : io.paint('red', `${many(rejected, 'row')} would be left out`);
  io.say(`${io.paint('bold', name)}: ${verdict}`);
  io.say(`  ${many(rows, 'row')}: ${count(accepted)} accepted, ${count(rejected)} rejected`);
  io.say(
    `  ${many(counts.schools, 'school')}, ${many(counts.teachers, 'teacher')}, ${many(counts.classes, 'class', 'classes')}, ${many(counts.students, 'student')}, ${many(counts.enrollments, 'enrollment')}`,
  );
  const { findingsLine } = await import('../run-words.js');
  io.say(`  findings: ${findingsLine(totals)}`);
  if (repairs.length > 0)
    io.say(`  put right while reading: ${repairs.map(({ code }) => code).join(', ')}`);
  if (findings.length === 0) return;

  const { causeLines, findingLines, restLine, SHOWN } = await import('../finding-lines.js');
  io.say(`\nWhat to mend, by how many it touches:\n${causeLines(io, causes)}`);
  io.say(`\nLine by line:\n${findingLines(io, findings)}`);
  if (!written && findings.length > SHOWN)
    io.say(restLine(findings.length, `npx rollcall check ${name} --report findings.csv`));
}
