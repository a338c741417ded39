/** The ways to the later stages, for tests that begin there. */
import type { Progress } from '../../workflows/contract.js';
import type { DrivenOnboarding, TimeTravel } from './time.js';
import type { TestFile, World } from './world.js';

/** Invited; nothing uploaded yet. */
export async function toUpload(time: TimeTravel, world?: World): Promise<DrivenOnboarding> {
  const driven = await time.onboard(world);
  await driven.reaches('awaiting-upload');
  return driven;
}

/** A clean file was read; its plan is on offer. */
export async function toApproval(
  time: TimeTravel,
  file: TestFile = { sha256: 'a' },
): Promise<DrivenOnboarding> {
  const driven = await toUpload(time);
  await driven.upload(file);
  await driven.signal('fileUploaded', { by: 'sftp' });
  await driven.reaches('awaiting-approval');
  return driven;
}

/** A file with three errors was read; its plan is on offer as well. */
export async function toCorrection(
  time: TimeTravel,
  file: TestFile = { sha256: 'bad', errors: 3 },
): Promise<DrivenOnboarding> {
  const driven = await toUpload(time);
  await driven.upload(file);
  await driven.signal('fileUploaded', { by: 'sftp' });
  await driven.reaches('awaiting-correction');
  return driven;
}

/** The first roster is loaded; the district tests its logins. */
export async function toLogins(time: TimeTravel): Promise<DrivenOnboarding> {
  const driven = await toApproval(time);
  await driven.signal('planApproved', { by: 'cli' });
  await driven.reaches('awaiting-login-test');
  return driven;
}

/** The signals that did not count, as `signal: why`. */
export const ignoredBy = ({ ignored }: Progress): string[] =>
  ignored.map(({ signal, why }) => `${signal}: ${why}`);
