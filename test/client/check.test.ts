import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRoster } from '../../client/cli/check/open-roster.js';
import { roster } from './place.js';
import { until } from '../support/wait.js';
import { LONG_MS, mainIn, type Cli } from './run-cli.js';

/** Root may read everything, so for this while it is nobody. */
async function asOrdinaryUser<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid!() !== 0) return act();
  process.seteuid!(65_534);
  try {
    return await act();
  } finally {
    process.seteuid!(0);
  }
}

describe('rollcall check', () => {
  let folder: string;
  let cli: Cli;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'rollcall check '));
    cli = mainIn(folder);
    const put = (name: string, text: string | Buffer) =>
      writeFileSync(path.join(folder, name), text);
    put('good.csv', roster(0, 12));
    put('bad.csv', roster(0, 12, true));
    put('warning.csv', roster(0, 3).replace(/,1\n/, ',14\n'));
    put('header.csv', roster(0, 0));
    put('empty.csv', '');
    put('picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2]));
    const many = roster(0, 80).replaceAll('@s.example', '.s.example');
    put('many.csv', many);
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    symlinkSync('pipe', path.join(folder, 'link to the pipe'));
    symlinkSync('gone.csv', path.join(folder, 'dangling.csv'));
    symlinkSync('loop.csv', path.join(folder, 'loop.csv'));
    put('nasty.csv', roster(0, 1).replace('s0@s.example', '=1+1\u001b[2J'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says that a good file may be uploaded, and needs no server for it', async () => {
    const { status, stdout, stderr } = await cli('check', 'good.csv');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^good\.csv: ready to upload\n {2}12 rows: 12 accepted, 0 rejected\n/);
    expect(stdout).toContain('1 school, 1 teacher, 1 class, 12 students, 12 enrollments');
    expect(status).toBe(0);
  });

  it('answers scripts with the keys that they read', async () => {
    const ended = await cli('check', 'bad.csv', '--json');
    expect(ended.stdout.trimEnd()).not.toContain('\n');
    expect(ended.json()).toMatchObject({
      ok: false,
      rows: 13,
      accepted: 12,
      rejected: 1,
      counts: {
        schools: 1,
        teachers: 1,
        classes: 1,
        students: 12,
        classTeachers: 1,
        enrollments: 12,
      },
      findings: [
        {
          code: 'VALUE_MISSING',
          severity: 'error',
          line: 14,
          column: 'student_email',
          message: expect.any(String),
          fix: expect.any(String),
          rows: 1,
        },
      ],
      repairs: [],
      causes: [{ code: 'VALUE_MISSING', people: 1, rows: 1, message: expect.any(String) }],
    });
    expect(ended.status).toBe(1);
  });

  it('names line, column and what to do for people', async () => {
    const { status, stdout } = await cli('check', 'bad.csv');
    expect(stdout).toContain('1 row would be left out');
    expect(stdout).toContain('line 14  error    The student_email is empty.');
    expect(stdout).toContain('Fill in the value');
    expect(status).toBe(1);
  });

  it('takes warnings as no reason to say no', async () => {
    const { status, stdout } = await cli('check', 'warning.csv');
    expect(stdout).toContain('1 warning');
    expect(status).toBe(0);
  });

  it.each([
    ['header.csv', /no rows/],
    ['empty.csv', /is empty/],
    ['picture.csv', /./],
    ['.', /is a folder/],
    ['nowhere.csv', /does not exist/],
    ['/dev/null', /is not a plain file/],
    ['/dev/zero', /is not a plain file/],
    ['pipe', /is not a plain file/],
    ['dangling.csv', /does not exist/],
    ['loop.csv', /cannot be read \(ELOOP\)/],
    [`${'x'.repeat(300)}.csv`, /cannot be read \(ENAMETOOLONG\)/],
    ['good.csv/inside', /does not exist/],
  ])('ends with status 2 and one line for %s', async (name, words) => {
    const { status, stdout, stderr } = await cli('check', name);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(status).toBe(2);
  });

  it('does not wait for a socket', async () => {
    const server = createServer().listen(path.join(folder, 'socket'));
    await once(server, 'listening');
    const { status, stderr } = await cli('check', 'socket');
    server.close();
    expect(stderr).toMatch(/^socket is not a plain file; [^\n]*\n$/);
    expect(status).toBe(2);
  });

  it.each([
    ['a file', 'locked.csv'],
    ['a folder', 'locked/good.csv'],
  ])('says that %s may not be read, and nothing of what is in it', async (_, name) => {
    mkdirSync(path.join(folder, 'locked'), { recursive: true });
    writeFileSync(path.join(folder, name), roster(0, 3));
    chmodSync(folder, 0o755);
    const locked = path.join(folder, name.split('/')[0]!);
    chmodSync(locked, 0o000);
    const [said, json] = await asOrdinaryUser(async () => [
      await cli('check', name, '--report', 'never.csv'),
      await cli('check', name, '--json'),
    ]);
    chmodSync(locked, 0o700); // so that it can be removed
    expect(said).toMatchObject({ status: 2, stdout: '' });
    expect(said.stderr).toBe(
      `${name} may not be read by you; give the path of a roster file as CSV.\n`,
    );
    expect(json.json()).toMatchObject({ error: { code: 'UNREADABLE' } });
    expect(json.status).toBe(2);
    expect(existsSync(path.join(folder, 'never.csv'))).toBe(false);
  });

  it('knows a file that was removed or replaced while it was open', async () => {
    const file = path.join(folder, 'vanishing.csv');
    for (const change of [() => rmSync(file), () => renameSync(`${file}.new`, file)]) {
      writeFileSync(file, roster(0, 3));
      writeFileSync(`${file}.new`, roster(0, 3));
      const opened = await openRoster(folder, 'vanishing.csv');
      await expect(opened.assertUnchanged()).resolves.toBeUndefined();
      change();
      await expect(opened.assertUnchanged()).rejects.toMatchObject({ code: 'FILE_CHANGED' });
      await opened.close();
    }
  });

  it('gives scripts a code for a file that is not there, and the finding for one that is', async () => {
    const missing = await cli('check', 'nowhere.csv', '--json');
    expect(missing.json()).toMatchObject({ error: { code: 'NO_FILE' } });
    expect(missing.status).toBe(2);
    const refused = await cli('check', 'header.csv', '--json');
    expect(refused.json()).toMatchObject({ ok: false, findings: [{ code: 'HEADER_ONLY' }] });
    expect(refused.status).toBe(2);
  });

  it('shows fifty findings, says how to get all, and writes all', async () => {
    const shown = await cli('check', 'many.csv');
    expect(shown.stdout.match(/^ {2}line /gm)).toHaveLength(50);
    expect(shown.stdout).toContain(
      'The first 50 of 80; all of them: npx rollcall check many.csv --report',
    );

    const written = await cli('check', 'many.csv', '--report', 'out.csv');
    expect(written.stderr).toContain('80 findings written');
    const rows = parse(readFileSync(path.join(folder, 'out.csv')), { bom: true, columns: true });
    expect(rows).toHaveLength(80);
    expect(rows[79]).toMatchObject({ line: '81', column: 'student_email', value: 's79.s.example' });
    // Pupils' addresses are for nobody else on this machine, and no half-written file stays.
    expect(statSync(path.join(folder, 'out.csv')).mode & 0o077).toBe(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('never writes the report over the roster, and says where it cannot write', async () => {
    const over = await cli('check', 'good.csv', '--report', './good.csv');
    expect(over.stderr).toContain('overwrite');
    expect(over.status).toBe(2);
    expect(readFileSync(path.join(folder, 'good.csv'), 'utf8')).toBe(roster(0, 12));
    const json = await cli('check', 'good.csv', '--json', '--report', 'no/such/folder.csv');
    expect(json.json()).toMatchObject({ error: { code: 'CANNOT_WRITE' } }); // one line, no other
    const nowhere = await cli('check', 'good.csv', '--report', 'no/such/folder.csv');
    expect(nowhere.stderr).toContain('ENOENT');
    expect(nowhere.status).toBe(2);
  });

  it('lets no cell act on the terminal or in a spreadsheet', async () => {
    const { stdout } = await cli('check', 'nasty.csv', '--report', 'nasty-out.csv');
    expect(stdout).not.toContain('\u001b');
    const [row] = parse<{ value: string }>(readFileSync(path.join(folder, 'nasty-out.csv')), {
      bom: true,
      columns: true,
    });
    expect(row?.value).toMatch(/^'=1\+1/);
  });

  it('takes an option that it does not know for a mistake, in one line', async () => {
    const { status, stdout, stderr } = await cli('check', 'good.csv', '--corected', 'x.csv');
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^unknown option '--corected'\. \(Did you mean --corrected\?\) See .*--help\n$/,
    );
    expect(status).toBe(2);
    expect(existsSync(path.join(folder, 'x.csv'))).toBe(false);
    const two = await cli('check', 'good.csv', 'bad.csv');
    expect(two.stderr).toMatch(/^too many arguments .* got 2\. See .*--help\n$/);
    expect(two.status).toBe(2);
  });

  it('writes what can be used and puts the rest aside, with reasons', async () => {
    const { status, stderr } = await cli('check', 'bad.csv', '--corrected', 'mended.csv');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /12 rows written to .*mended\.csv, 1 row left out to .*mended\.rejected/,
    );
    const again = await cli('check', 'mended.csv', '--json');
    expect(again.json()).toMatchObject({ ok: true, rows: 12, rejected: 0, findings: [] });
    const aside = parse(readFileSync(path.join(folder, 'mended.rejected.csv')), {
      bom: true,
      columns: true,
    });
    expect(aside).toEqual([
      expect.objectContaining({
        line: '14',
        code: 'VALUE_MISSING',
        'what to do': expect.stringContaining('Fill in'),
        student_first_name: 'Bad',
        student_email: '',
      }),
    ]);
    expect(statSync(path.join(folder, 'mended.csv')).mode & 0o077).toBe(0);
  });

  it('writes no corrected file where no row can be used, and none for a refused one', async () => {
    const none = await cli('check', 'many.csv', '--corrected', 'none.csv');
    expect(none.stderr).toContain('no row of the file can be used');
    await cli('check', 'header.csv', '--corrected', 'none.csv');
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  it('reads a file whose columns have names of their own, both times', async () => {
    const own = roster(0, 3).replace('student_email', 'Learner=Mail').replace('class_id', 'Group');
    writeFileSync(path.join(folder, 'own.csv'), own);
    expect((await cli('check', 'own.csv')).stderr).toContain('class_id, student_email');
    const columns = ['--column', 'learner=mail=student_email', '--column', 'Group=class_id'];
    const named = await cli('check', 'own.csv', ...columns, '--corrected', 'own-mended.csv');
    expect(named.stdout).toContain('3 rows: 3 accepted');
    expect(named.status).toBe(0);
    expect(readFileSync(path.join(folder, 'own-mended.csv'), 'utf8')).toBe(roster(0, 3));
    const wrong = await cli('check', 'own.csv', '--column', 'Group=class');
    expect(wrong.stderr).toMatch(/^--column: there is no column "class"\. .*class_id.*\n$/);
    expect(wrong.status).toBe(2);
  });

  it('says how to get all findings of such a file', async () => {
    const own = roster(0, 80).replaceAll('@s.example', '.s.example').replace('class_id', 'Group');
    writeFileSync(path.join(folder, 'own-many.csv'), own);
    const shown = await cli('check', 'own-many.csv', '--column', 'Group=class_id');
    expect(shown.stdout).toContain('all of them: the same command with --report findings.csv');
  });

  it.each(['--report', '--corrected'])(
    'puts no file in the place of a folder or a device, as /dev/null is one: %s',
    async (option) => {
      for (const [name, says] of [
        ['pipe', 'is not a plain file'],
        ['link to the pipe', 'is not a plain file'],
        ['.', 'is a folder'],
      ] as const) {
        const { status, stderr } = await cli('check', 'good.csv', option, name);
        expect(stderr).toBe(`${name} ${says}; give the path of a file to write.\n`);
        expect(status).toBe(2);
      }
      expect(lstatSync(path.join(folder, 'pipe')).isFIFO()).toBe(true);
      expect(lstatSync(path.join(folder, 'link to the pipe')).isSymbolicLink()).toBe(true);
    },
  );

  it.each([
    [['--corrected', 'good.csv']],
    [['--corrected', 'x.csv', '--report', './x.csv']],
    [['--corrected', 'x.csv', '--report', 'x.rejected.csv']],
    [['--report', '']],
  ])('lets no output overwrite the roster or another output: %s', async (options) => {
    const before = readdirSync(folder);
    const { status, stderr } = await cli('check', 'good.csv', ...options);
    expect(status).toBe(2);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(readdirSync(folder)).toEqual(before);
  });

  it(
    'says so when the file is changed while it is read, and writes nothing',
    async () => {
      const file = path.join(folder, 'changing.csv');
      writeFileSync(file, roster(0, 400_000));
      const ours = () => readdirSync(folder).filter((name) => name.startsWith('changed'));
      const changing = cli('check', 'changing.csv', '--corrected', 'changed.csv');
      // It is in the middle of the second reading when somebody saves the file.
      await until('a part of the output is there', async () => ours().length > 0);
      writeFileSync(file, roster(0, 40_000));
      const { status, stderr } = await changing;
      expect(stderr).toContain('changed or removed while it was read');
      expect(status).toBe(2);
      expect(ours()).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'leaves nothing behind when it is stopped while it writes',
    async () => {
      writeFileSync(path.join(folder, 'large.csv'), roster(0, 400_000));
      const bin = path.resolve(import.meta.dirname, '../../bin/rollcall.mjs');
      const args = [bin, 'check', 'large.csv', '--corrected', 'stopped.csv'];
      const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
      const ended = once(child, 'exit');
      const ours = () => readdirSync(folder).filter((name) => name.startsWith('stopped'));
      await until('a part of the output is there', async () => ours().length > 0);
      child.kill('SIGTERM');
      await ended;
      expect(ours()).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'ends quietly when nobody reads on',
    () => {
      const bin = path.resolve(import.meta.dirname, '../../bin/rollcall.mjs');
      const line = `"${process.execPath}" "${bin}" check many.csv | head -1`;
      const first = execFileSync('sh', ['-c', line], { cwd: folder, stdio: 'pipe' });
      expect(first.toString()).toBe('many.csv: 80 rows would be left out\n');
    },
    LONG_MS,
  );
});
