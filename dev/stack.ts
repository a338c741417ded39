/** All parts of Rollcall on one machine, in one go: what `up`, `demo` and the tests run. */
import type { Environment } from '../config/environment.js';
import { readEverything } from '../config/everything.js';
import { homeOf, settingsFrom, type Settings } from '../config/settings.js';
import { removeStackFile, type StackFile, writeStackFile } from '../config/stack-file.js';
import type { Vendor } from '../config/vendor.js';
import { openHome } from './home.js';
import { named, never, reasonOf, stopsInOrder } from './parts.js';
import { freePort } from './ports.js';
import { startBase } from './stack-base.js';
import { choosePorts, keepPorts } from './stack-ports.js';
import { ourWorkflowBundle } from '../worker/workflow-bundle.js';

export interface Stack {
  /** What other commands read from `<home>/stack.json`. */
  readonly file: StackFile;
  readonly settings: Settings;
  readonly vendor: Vendor;
  /** Where the mails that were sent are shown; null if nowhere. */
  readonly mails: string | null;
  /** Resolves, with one line, when a part ends unasked; the others are still up then. */
  readonly lost: Promise<string>;
  /** Stops everything in order; safe to call twice. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Default: what `env` says, `<cwd>/.rollcall` if nothing. */
  readonly home?: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Progress, and what went wrong; one line each. */
  readonly say: (line: string) => void;
  /** Gives up starting; what was already up is stopped. */
  readonly signal?: AbortSignal;
}

/**
 * Starts what the environment does not name (Postgres, Temporal, SFTP, mail), brings the database
 * up to date, then runs the worker and the portal in this process, and writes stack.json.
 * Throws ConfigError, HomeInUse, or an Error of one line that names the part which failed;
 * nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { cwd, say, signal } = options;
  const env = options.home ? { ...options.env, ROLLCALL_HOME: options.home } : options.env;
  const { environment, vendor } = await readEverything(env, cwd);
  const stops = stopsInOrder(say);
  try {
    const home = await openHome(homeOf(env, cwd));
    stops.add('the home', home.release);
    say(`starting all parts (their state is in ${home.folder})`);
    await removeStackFile(home.folder); // left by a run that was killed
    const ports = await choosePorts(home.ports);
    if (environment.PORTAL_PORT) ports.portal = await asked(environment.PORTAL_PORT);
    const bundling = ourWorkflowBundle();
    bundling.catch(() => {}); // heard of below, when the parts that it is for are up

    const base = await startBase({ environment, env, home, ports, stops, say, signal });
    const bundle = await named('the worker', bundling);
    signal?.throwIfAborted();
    const portal = await named(
      'the portal',
      listening(ports.portal, Boolean(environment.PORTAL_PORT), async (port) => {
        const file: StackFile = {
          pid: process.pid,
          startedAt: new Date().toISOString(),
          home: home.folder,
          portal: portalUrl(environment, port),
          ...base.file,
        };
        const settings = settingsOf(environment, cwd, file);
        const { stop, mails } = await portalOn({ settings, vendor, env });
        return { file, settings, stop, mails };
      }),
    );
    stops.add('the portal', portal.stop);
    const { file, settings, mails } = portal;
    signal?.throwIfAborted();
    const { startWorker } = await import('../worker/main.js');
    const worker = await named('the worker', startWorker({ settings, vendor, env, ...bundle }));
    stops.add('the worker', worker.stop);
    signal?.throwIfAborted();

    await keepPorts(home.ports, { ...ports, ...base.ports, portal: settings.portal.port });
    await writeStackFile(home.folder, file);
    stops.add('stack.json', () => removeStackFile(home.folder));
    let stopping = false;
    const lost = Promise.race([base.lost, lostWorker(worker.done)]).then((line) =>
      stopping ? never : line,
    );
    const stop = () => {
      stopping = true;
      return stops.all();
    };
    return { file, settings, vendor, mails, lost, stop };
  } catch (error) {
    await stops.all();
    signal?.throwIfAborted(); // a part that was cut off says something less to the point
    throw error;
  }
}

/** The worker's routine lines are for a log, not for somebody who watches a demo. */
function settingsOf(environment: Environment, cwd: string, file: StackFile): Settings {
  const settings = settingsFrom({ ...environment, ROLLCALL_HOME: file.home }, cwd, file);
  return {
    ...settings,
    portal: { ...settings.portal, port: Number(new URL(file.portal).port) },
    logLevel: environment.LOG_LEVEL ?? 'warn',
  };
}

/** A port that somebody names is meant: links in mails lead there. */
async function asked(port: number): Promise<number> {
  if ((await freePort(port)) === port) return port;
  throw new Error(`Port ${port} is taken: stop what uses it, or change PORTAL_PORT.`);
}

/** Where this machine reaches the portal; what districts see is `settings.portal.publicUrl`. */
function portalUrl({ PORTAL_HOST: host }: Environment, port: number): string {
  const any = host === undefined || host === '0.0.0.0' || host === '::';
  const shown = any ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}

/**
 * Another program may have taken the port since it was chosen: unless it was `asked` for, another
 * free one will do. It must be known before the portal is made, as forms and links name it.
 */
async function listening<T>(
  port: number,
  asked: boolean,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(attempt === 1 ? port : await freePort());
    } catch (error) {
      const taken = (error as { code?: unknown }).code === 'PORT_TAKEN';
      if (!taken || asked || attempt === 5) throw error;
    }
  }
}

async function portalOn(at: { settings: Settings; vendor: Vendor; env: NodeJS.ProcessEnv }) {
  const { startPortal } = await import('../client/portal/serve.js');
  const { readMailbox } = await import('./mail-sink.js');
  const { mailFolder } = at.settings;
  return startPortal({
    ...at,
    ...(mailFolder === null ? {} : { mailbox: () => readMailbox(mailFolder) }),
  });
}

const lostWorker = (done: Promise<void>): Promise<string> =>
  done.then(
    () => never, // it was asked to
    (error: unknown) => `the worker ended by itself: ${reasonOf(error)}`,
  );
