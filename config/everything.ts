/** All that a process is told, read at once, so that every problem is heard of at once. */
import { ConfigError } from './errors.js';
import type { Environment } from './environment.js';
import { homeOf, readEnvironment, settingsFrom, vendorFileOf, type Settings } from './settings.js';
import { readStackFile } from './stack-file.js';
import { readVendor, type Vendor } from './vendor.js';

/** The environment and the vendor's file. Throws one ConfigError with the problems of both. */
export async function readEverything(
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{ readonly environment: Environment; readonly vendor: Vendor }> {
  const problems: string[] = [];
  const collect = (error: unknown): undefined => {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  };
  const reading = async () => readEnvironment(env);
  const environment = await reading().catch(collect);
  const vendor = await readVendor(vendorFileOf(env, cwd)).catch(collect);
  if (environment === undefined || vendor === undefined)
    throw new ConfigError('The settings need mending', problems);
  return { environment, vendor };
}

/** The same for a part that needs the others to run. Throws ConfigError; `notRunning` as readSettings. */
export async function readSettingsAndVendor(
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{ readonly settings: Settings; readonly vendor: Vendor }> {
  const { environment, vendor } = await readEverything(env, cwd);
  const settings = settingsFrom(environment, cwd, readStackFile(homeOf(env, cwd)));
  return { settings, vendor };
}

/**
 * What a worker needs beyond the others, as its mails go out to districts: a mail server, and an
 * address for the links in them that is no guess. Throws ConfigError that names both.
 */
export function forWorker(settings: Settings): Settings & { readonly smtpUrl: string } {
  const { smtpUrl, portal } = settings;
  const problems = [
    ...(smtpUrl === null ? ['SMTP_URL must be set, with MAIL_FROM, for the mails.'] : []),
    ...(portal.isNamed ? [] : ['PORTAL_URL must be set: it is where the links in mails lead to.']),
  ];
  if (smtpUrl === null || problems.length > 0)
    throw new ConfigError('A worker without `npx rollcall up` beside it needs more', problems);
  return { ...settings, smtpUrl };
}
