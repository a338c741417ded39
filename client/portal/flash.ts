/**
 * What the page says after a form was sent: a code in a cookie that lives for a minute and is
 * taken away as it is shown. A code, so that no address and no header carries free text.
 */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { RollcallError } from '../errors.js';
import { districtPath } from './session.js';

const COOKIE = 'rollcall_said';

export interface Flash {
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

const SAID = {
  uploaded: {
    tone: 'good',
    text: 'Thank you. We look at your file now; reload this page in a minute to see how it went.',
  },
  'logins-ok': {
    tone: 'good',
    text: 'Thank you. We switch on the nightly sync; reload this page in a minute.',
  },
  'logins-failed': {
    tone: 'good',
    text: 'Thank you for telling us. Support has your note and gets in touch.',
  },
  down: {
    tone: 'bad',
    text: 'We could not take that just now, because a part of our system does not answer. Nothing was lost: please press the button again in a few minutes.',
  },
  late: {
    tone: 'bad',
    text: 'That is already settled: the page below shows where things stand now.',
  },
  early: {
    tone: 'bad',
    text: 'It is too early for that: the page below shows what comes first.',
  },
  'already-told': {
    tone: 'good',
    text: 'Thank you. Support knows about the logins already and works on them.',
  },
  'no-password': {
    tone: 'bad',
    text: 'For this SFTP server we cannot make a password. Please ask support for one.',
  },
  failed: {
    tone: 'bad',
    text: 'That did not work, and it is not your fault. Please try again in a few minutes, or write to support.',
  },
} as const satisfies Record<string, Flash>;
export type FlashCode = keyof typeof SAID;

/** The code that tells what a verb refused, in words for the district. */
export function flashFor(error: RollcallError): FlashCode {
  if (error.exit === 3) return 'down';
  return REFUSALS[error.code] ?? 'failed';
}
const REFUSALS: Readonly<Record<string, FlashCode>> = {
  STAGE_PAST: 'late',
  NOTHING_WAITS: 'late',
  ONBOARDING_ENDED: 'failed',
  STAGE_NOT_YET: 'early',
  NOT_STARTED: 'early',
  ALREADY_TOLD: 'already-told',
  OWN_SERVER: 'no-password',
  ACCOUNTS_ELSEWHERE: 'no-password',
};

export function say(c: Context, district: string, code: FlashCode, secure: boolean): void {
  setCookie(c, COOKIE, code, {
    path: districtPath(district),
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    maxAge: 60,
  });
}

/** The message to show once, if there is one. */
export function takeSaid(c: Context, district: string, secure: boolean): Flash | null {
  const code = getCookie(c, COOKIE);
  if (code === undefined) return null;
  deleteCookie(c, COOKIE, { path: districtPath(district), secure });
  return isKnown(code) ? SAID[code] : null;
}

const isKnown = (code: string): code is FlashCode => Object.hasOwn(SAID, code);
