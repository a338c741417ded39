/**
 * Carries a district through its whole onboarding and two nights, on the real parts, saying
 * each step. It looks at the stage and does what that stage waits for, so an interrupted demo
 * goes on from where it was.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Rollcall } from '../../client/index.js';
import type { Status } from '../../client/index.js';
import { readMailbox } from '../mail-sink.js';
import { sampleFile } from '../sample/index.js';
import { demoDistrict, type OwnFile } from './own-file.js';
import { nightsTable, type Night } from './nights.js';
import { upload, type Uploader } from './upload.js';

export interface DemoOptions {
  /** A user's own roster file instead of the sample district's. */
  readonly own?: OwnFile;
  readonly rollcall: Rollcall;
  readonly mailFolder: string | null;
  readonly say: (line: string) => void;
}

export interface DemoResult {
  readonly district: string;
  readonly uploader: Uploader;
  readonly stages: readonly Status['stage'][];
  readonly nights: readonly Night[];
  readonly table: string;
}

/** Runs the demo on a stack that is up. Throws with one line if a stage does not come. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { rollcall, say } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'rollcall-demo-'));
  try {
    const files = await demoFiles(folder, options.own);
    const district = await demoDistrict(rollcall, options.own, say);
    await rollcall.onboard(district);
    say(`${district} is invited (workflow onboarding/${district})`);
    const onboarding = await carryToLive(options, district, files);
    const nights = await twoNights(options, district, files);
    const first = (await rollcall.runs(district)).find(
      (run) => run.kind === 'first' && run.outcome === 'applied',
    );
    const all = first ? [{ name: 'first sync', run: first }, ...nights] : nights;
    return { district, ...onboarding, nights: all, table: nightsTable(all) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface DemoFiles {
  /** With mistakes, to be mended; null for a user's own file. */
  readonly mistakes: string | null;
  readonly first: string;
  /** The next night's file; null for a user's own file. */
  readonly second: string | null;
}

async function demoFiles(folder: string, own: OwnFile | undefined): Promise<DemoFiles> {
  if (own) return { mistakes: null, first: own.file, second: null };
  const write = async (which: 'first' | 'second' | 'mistakes'): Promise<string> => {
    const file = path.join(folder, `${which}.csv`);
    await writeFile(file, sampleFile(which));
    return file;
  };
  return {
    mistakes: await write('mistakes'),
    first: await write('first'),
    second: await write('second'),
  };
}

async function carryToLive(
  options: DemoOptions,
  district: string,
  files: DemoFiles,
): Promise<{ uploader: Uploader; stages: Status['stage'][] }> {
  const { rollcall, say } = options;
  const stages: Status['stage'][] = [];
  let uploader: Uploader = 'ssh2';
  let toUpload = files.mistakes ? [files.mistakes, files.first] : [files.first];
  let since = '';
  const mails = mailTeller(options);
  for (;;) {
    const status = await nextStage(rollcall, district, since);
    since = standing(status);
    stages.push(status.stage);
    await mails();
    say(`stage ${status.stage}, waiting on ${status.waitingOn}`);
    await tellOfRun(options, status);
    if (status.waitingOn === 'system') continue;
    switch (status.stage) {
      case 'awaiting-upload':
      case 'awaiting-correction': {
        const [file, ...rest] = toUpload;
        if (!file) {
          await rollcall.approve(district, { by: 'demo' });
          say('  support approves the plan without the bad rows');
          break;
        }
        toUpload = rest;
        const credentials = await rollcall.newPassword(district);
        uploader = await upload(credentials, file);
        say(
          `  the district uploads ${path.basename(file)} by ${uploader === 'openssh' ? "OpenSSH's sftp" : 'SFTP'}`,
        );
        break;
      }
      case 'awaiting-approval':
        await rollcall.approve(district, { by: 'demo' });
        say('  support approves the plan');
        break;
      case 'awaiting-login-test':
      case 'login-problem':
        await rollcall.loginsOk(district, { by: 'demo' });
        say('  the district says that its logins work');
        break;
      case 'live':
        return { uploader, stages };
      default:
    }
  }
}

/** What the last run found and would change, where that is what somebody has to look at. */
async function tellOfRun({ rollcall, say }: DemoOptions, status: Status): Promise<void> {
  if (status.stage === 'awaiting-correction' && status.lastRun) {
    const { file, findings } = status.lastRun;
    say(
      `  of ${file?.rows ?? 0} rows, ${findings?.errors ?? 0} errors to mend: npx rollcall report ${status.district}`,
    );
  }
  if (status.stage === 'awaiting-approval') {
    const { seats, changes } = await rollcall.plan(status.district);
    say(
      `  the plan: ${changes.schools.added} schools, ${changes.teachers.added} teachers, ` +
        `${changes.classes.added} classes, ${changes.students.added} students, ` +
        `${seats.after} of ${seats.licensed} seats: npx rollcall plan ${status.district}`,
    );
  }
}

/** A stage that waits for somebody can come twice; `since` tells one time from the other. */
const standing = ({ stage, waitingOn, since }: Status): string =>
  waitingOn === 'system' ? stage : `${stage} ${since}`;

/** Waits until the stage, or the time since when it stands, is another than `before`. */
async function nextStage(rollcall: Rollcall, district: string, before: string) {
  const until = Date.now() + 120_000;
  for (;;) {
    const status = await rollcall.status(district);
    if (standing(status) !== before) return status;
    if (Date.now() > until) {
      throw new Error(
        `${district} stayed in stage ${status.stage} for two minutes; look at it in the Temporal UI`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function twoNights(
  { rollcall, say }: DemoOptions,
  district: string,
  files: DemoFiles,
): Promise<Night[]> {
  const nights: Night[] = [];
  say('night 1: the same file again');
  nights.push({ name: 'night 1', run: await oneNight(rollcall, district) });
  if (files.second) {
    await upload(await rollcall.newPassword(district), files.second);
    say('night 2: a changed file of the same name');
  } else {
    say('night 2: the same file once more');
  }
  nights.push({ name: 'night 2', run: await oneNight(rollcall, district) });
  return nights;
}

async function oneNight(rollcall: Rollcall, district: string): Promise<Night['run']> {
  const { record } = await rollcall.sync(district, { wait: true });
  if (!record) throw new Error(`the sync of ${district} left no record`);
  return record;
}

/** Says the subjects of mails that came since it was last asked. */
function mailTeller({ mailFolder, say }: DemoOptions): () => Promise<void> {
  let told: Set<string> | null = null;
  return async () => {
    if (!mailFolder) return;
    const mails = await readMailbox(mailFolder);
    const known = told ?? new Set();
    for (const mail of mails) {
      if (!known.has(mail.file) && told) say(`  mail: ${mail.subject}`);
    }
    told = new Set(mails.map((mail) => mail.file));
  };
}
