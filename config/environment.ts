/** The environment variables that Rollcall knows, each checked; no message repeats a value. */
import { z } from 'zod';
import { poolProblem } from './worker-settings.js';

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
const blankIsAbsent = (value: unknown): unknown => (isBlank(value) ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsAbsent, schema.optional());

const urlOf = (protocols: RegExp, error: string) => z.url({ protocol: protocols, error });
/** A relative path would mean something else to each program that resolves it. */
const reference = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/;

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(error).int(error).min(least, error).max(most, error);
};

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const schema = z.object({
  ROLLCALL_HOME: optional(z.string()),
  ROLLCALL_ARCHIVE: optional(z.string()),
  ROLLCALL_CONFIG: optional(z.string()),
  DATABASE_URL: optional(
    urlOf(/^postgres(ql)?$/, 'must look like postgres://user:password@host:5432/database'),
  ),
  SMTP_URL: optional(urlOf(/^smtps?$/, 'must look like smtp://user:password@host:587')),
  MAIL_FROM: optional(z.email('must be a plain mail address, such as rollcall@vendor.example')),
  PORTAL_HOST: optional(z.string()),
  PORTAL_PORT: optional(
    z.coerce
      .number('must be a port number')
      .int('must be a port number')
      .min(0, 'must be a port number')
      .max(65_535, 'must be a port number'),
  ),
  PORTAL_URL: optional(
    urlOf(/^https?$/, 'must be the web address that districts see')
      .refine((url) => !/[?#]/.test(url), 'must have neither ? nor #')
      // Cookies and forms are bound to paths from the top.
      .refine((url) => pathOf(url) === '/', 'must have no path: give the portal a host of its own'),
  ),
  ROLLCALL_ACTIVITIES: optional(wholeNumber(1, 200)),
  ROLLCALL_DB_POOL: optional(wholeNumber(4, 1_000)),
  ROLLCALL_THREADS: optional(wholeNumber(1, 64)),
  ROLLCALL_THREAD_MB: optional(wholeNumber(128, 65_536)),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)),
  SFTP_URL: optional(
    urlOf(/^sftp$/, 'must look like sftp://user@host:22/folder')
      .refine((url) => userOf(url) !== '', 'must name the user, as in sftp://user@host:22/folder')
      .refine((url) => !hasPassword(url), 'must not hold the password; that is for SFTP_SECRET'),
  ),
  SFTP_SECRET: optional(
    z.string().regex(reference, 'must be env:NAME or file:/path, where the secret itself is'),
  ),
  SFTP_HOST_KEY: optional(
    z
      .string()
      .regex(
        /^SHA256:[A-Za-z0-9+/]{43}=?$/,
        "must be the server's fingerprint as ssh-keygen -l prints it, SHA256:…",
      ),
  ),
});
export type Environment = z.infer<typeof schema>;

/** The checked variables, or every problem, one sentence each. */
export function checkEnvironment(
  env: NodeJS.ProcessEnv,
): { readonly environment: Environment } | { readonly problems: readonly string[] } {
  const parsed = schema.safeParse(env);
  const problems = (parsed.error?.issues ?? []).map(
    (issue) => `${issue.path.join('.')} ${issue.message}.`,
  );
  // Outside the schema, which looks at pairs only once each one is right by itself.
  const isSet = (name: string): boolean => env[name] !== undefined && !isBlank(env[name]);
  for (const name of ['SFTP_SECRET', 'SFTP_HOST_KEY']) {
    if (isSet('SFTP_URL') && !isSet(name)) problems.push(`${name} must be set with SFTP_URL.`);
    if (!isSet('SFTP_URL') && isSet(name)) problems.push(`SFTP_URL must be set with ${name}.`);
  }
  // A made-up sender's mails end as spam, or nowhere.
  if (isSet('SMTP_URL') && !isSet('MAIL_FROM'))
    problems.push('MAIL_FROM must be set with SMTP_URL.');
  const tooFew = parsed.success ? poolProblem(parsed.data) : null;
  if (tooFew !== null) problems.push(tooFew);
  return parsed.success && problems.length === 0 ? { environment: parsed.data } : { problems };
}

function userOf(url: string): string {
  return URL.canParse(url) ? new URL(url).username : '';
}

/** `/` for what is no address: that is said already. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '/';
}

function hasPassword(url: string): boolean {
  return URL.canParse(url) && new URL(url).password !== '';
}
