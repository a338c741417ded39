/**
 * The settings of one process. The environment comes in as an argument; bin/ and the command
 * line hand over `process.env`. Others only pass it on to the programs that they start.
 */
import path from 'node:path';
import { ConfigError } from './errors.js';
import { checkEnvironment, type Environment } from './environment.js';
import { packageRoot } from './package-root.js';
import { readStackFile, type StackFile } from './stack-file.js';
import { type WorkerSettings, workerSettingsOf } from './worker-settings.js';

export { ConfigError } from './errors.js';
export { temporalConnection, temporalIsExternal, type TemporalTarget } from './temporal.js';

export interface Settings {
  /** ROLLCALL_HOME: state of the embedded parts. Absolute; default `<cwd>/.rollcall`. */
  readonly home: string;
  /** DATABASE_URL, else the running stack's. */
  readonly databaseUrl: string;
  /** SMTP_URL, else the running stack's mailbox; null if neither, and then no worker can run. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** The mailbox of development; null with a real mail server. */
  readonly mailFolder: string | null;
  readonly portal: {
    readonly host: string;
    readonly port: number;
    /** What districts see, without a slash at its end. */
    readonly publicUrl: string;
    /** False if nobody has named `publicUrl`: then it is good on this machine only. */
    readonly isNamed: boolean;
  };
  /** ROLLCALL_ARCHIVE: this worker's copies of fetched files, a cache. Default `<home>/archive`. */
  readonly archiveDir: string;
  /** ROLLCALL_CONFIG; default rollcall.config.json of the package. */
  readonly vendorFile: string;
  readonly logLevel: string;
  /**
   * Where districts without a server of their own upload to: SFTP_URL, SFTP_SECRET and
   * SFTP_HOST_KEY, else the running stack's server (`managesAccounts`: its accounts are in
   * Postgres). Null if there is neither.
   */
  readonly sftp: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    /** `env:NAME` or `file:/path`; never the secret itself. */
    readonly secretRef: string;
    /** OpenSSH form, `SHA256:…`. */
    readonly hostKey: string;
    /** Folder that holds one folder per district; absolute, `/` at the top. */
    readonly base: string;
    readonly managesAccounts: boolean;
  } | null;
  /** How much one worker does at a time. */
  readonly worker: WorkerSettings;
  /** The running stack's Temporal; what the environment says comes first (`temporalConnection`). */
  readonly temporalAddress: string | null;
  readonly temporalNamespace: string | null;
}

/** Absolute path of the home that these variables mean. */
export function homeOf(env: NodeJS.ProcessEnv, cwd: string): string {
  return path.resolve(cwd, env['ROLLCALL_HOME']?.trim() ? env['ROLLCALL_HOME'] : '.rollcall');
}

/**
 * Reads the settings of a command that needs the parts to run. `cwd` is absolute.
 * Throws ConfigError with all problems at once; `notRunning` if nothing is wrong but that no
 * stack is up.
 */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): Settings {
  const known = readEnvironment(env);
  return settingsFrom(known, cwd, readStackFile(homeOf(env, cwd)));
}

/** Checks every variable. Throws ConfigError that lists all that are wrong. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const checked = checkEnvironment(env);
  if ('environment' in checked) return checked.environment;
  throw new ConfigError('The settings in the environment need mending', checked.problems);
}

/** The settings that go with a stack, or with none. Throws ConfigError if a part is missing. */
export function settingsFrom(env: Environment, cwd: string, stack: StackFile | null): Settings {
  const home = homeOf({ ROLLCALL_HOME: env.ROLLCALL_HOME }, cwd);
  const databaseUrl = env.DATABASE_URL ?? stack?.database;
  if (databaseUrl === undefined)
    throw new ConfigError(
      'Rollcall is not running here',
      [`start it with \`npx rollcall up\` (home ${home}), or set DATABASE_URL.`],
      true,
    );
  return {
    home,
    databaseUrl,
    smtpUrl: env.SMTP_URL ?? stack?.smtp ?? null,
    mailFrom: env.MAIL_FROM ?? 'rollcall@vendor.example',
    mailFolder: env.SMTP_URL === undefined ? (stack?.mailFolder ?? null) : null,
    portal: portalOf(env, stack),
    archiveDir: path.resolve(cwd, env.ROLLCALL_ARCHIVE ?? path.join(home, 'archive')),
    vendorFile: vendorFileOf(env, cwd),
    logLevel: env.LOG_LEVEL ?? 'info',
    sftp: sftpOf(env) ?? stack?.sftp ?? null,
    worker: workerSettingsOf(env),
    temporalAddress: stack?.temporal ?? null,
    temporalNamespace: stack?.temporalNamespace ?? null,
  };
}

export function vendorFileOf(env: { ROLLCALL_CONFIG?: string | undefined }, cwd: string): string {
  return env.ROLLCALL_CONFIG?.trim()
    ? path.resolve(cwd, env.ROLLCALL_CONFIG)
    : path.join(packageRoot(), 'rollcall.config.json');
}

function portalOf(env: Environment, stack: StackFile | null): Settings['portal'] {
  const host = env.PORTAL_HOST ?? '127.0.0.1';
  const running = stack === null ? null : new URL(stack.portal);
  const port = env.PORTAL_PORT ?? Number(running?.port || 8080);
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const shown = reachable.includes(':') ? `[${reachable}]` : reachable;
  const named = env.PORTAL_URL ?? stack?.portal;
  const publicUrl = (named ?? `http://${shown}:${port}`).replace(/\/+$/, '');
  return { host, port, publicUrl, isNamed: named !== undefined };
}

/** The vendor's own SFTP server, if the environment names one. */
export function sftpOf(env: Environment): Settings['sftp'] {
  if (!env.SFTP_URL || !env.SFTP_SECRET || !env.SFTP_HOST_KEY) return null;
  const url = new URL(env.SFTP_URL);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 22),
    username: decodeURIComponent(url.username),
    secretRef: env.SFTP_SECRET,
    hostKey: env.SFTP_HOST_KEY.replace(/=$/, ''),
    base: decodeURIComponent(url.pathname).replace(/\/+$/, '') || '/',
    managesAccounts: false,
  };
}
