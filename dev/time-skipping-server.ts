/**
 * Temporal's time-skipping test server, found or fetched once and kept in the cache. The SDK
 * downloads a native program from temporal.download; where that host cannot be reached, the
 * same server comes as a Java library from Maven, behind a small wrapper script.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { freePort } from './ports.js';
import { poll } from './processes.js';
import { ticking } from './ticking.js';

/** Proven with SDK 1.24; a test of test/workflow fails if a newer pair does not work together. */
const JAVA_SERVER = '1.38.0';
const PROGRAM = 'temporal-test-server';
const CLASSES = 'classes.jsa';
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

export type TimeSkippingServer =
  | { readonly type: 'cached-download'; readonly downloadDir: string }
  | { readonly type: 'existing-path'; readonly path: string };

/**
 * Finds the test server in `<cacheDir>/time-skipping`, or puts it there: first by the SDK's own
 * download, else by Maven. The answer is an `executable` for
 * `TestWorkflowEnvironment.createTimeSkipping`.
 *
 * `cacheDir` is absolute; `say` gets plain lines about long steps.
 * Throws an Error that names every way when none worked.
 */
export async function findTimeSkippingServer(options: {
  cacheDir: string;
  say: (line: string) => void;
  /** Ends a fetch that is under way. */
  signal?: AbortSignal;
}): Promise<TimeSkippingServer> {
  const { say, signal } = options;
  const folder = path.join(options.cacheDir, 'time-skipping');
  const downloadDir = path.join(folder, 'download');
  const javaDir = path.join(folder, `java-${JAVA_SERVER}`);
  const wrapper = path.join(javaDir, PROGRAM);

  if (await isThere(path.join(downloadDir, `temporal-test-server-sdk-typescript-${sdkVersion()}`)))
    return { type: 'cached-download', downloadDir };
  if (await isThere(wrapper)) return { type: 'existing-path', path: wrapper };

  say("time-skipping test server: not in the cache yet; trying the SDK's download");
  const refused = await ticking('downloading the test server', say, () => tryDownload(downloadDir));
  if (refused === null) return { type: 'cached-download', downloadDir };

  say('  that host cannot be reached; fetching the Java build with Maven (38 MB, once)');
  try {
    await installFromMaven(javaDir, say, signal);
  } catch (error) {
    throw new Error(noWay(folder, refused, reason(error)), { cause: error });
  }
  await keepClasses(javaDir);
  say('  time-skipping test server: ready');
  return { type: 'existing-path', path: wrapper };
}

/** The only way to know whether the download works is to start what it brought. */
async function tryDownload(downloadDir: string): Promise<string | null> {
  await mkdir(downloadDir, { recursive: true });
  try {
    const env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'cached-download', downloadDir } },
    });
    await env.teardown();
    return null;
  } catch (error) {
    return reason(error);
  }
}

/** Builds in a folder beside the final one and renames, so that a broken fetch leaves nothing. */
async function installFromMaven(
  target: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}-`);
  try {
    await writeFile(path.join(work, 'pom.xml'), POM);
    await maven(work, say, signal);
    const jars = (await readdir(path.join(work, 'lib'))).filter((name) => name.endsWith('.jar'));
    if (!jars.includes(`temporal-test-server-${JAVA_SERVER}.jar`))
      throw new Error('Maven left no test server behind');
    const script = path.join(work, PROGRAM);
    await writeFile(script, WRAPPER);
    await chmod(script, 0o755);
    await rename(work, target);
  } catch (error) {
    // Another process may have won the race to the same folder; its result serves as well.
    if (!(await isThere(path.join(target, PROGRAM)))) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Lets Java keep its loaded classes beside the server, so that it starts three times as fast: the
 * SDK gives it five seconds, which a busy machine exceeds otherwise. Without them it works as well.
 */
async function keepClasses(javaDir: string): Promise<void> {
  // Relative, as these options are split at spaces.
  const part = `${CLASSES}.${process.pid}`;
  const env = { ...process.env, JAVA_TOOL_OPTIONS: `-XX:ArchiveClassesAtExit=${part}` };
  const port = await freePort();
  const child = spawn(path.join(javaDir, PROGRAM), [String(port)], {
    cwd: javaDir,
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  try {
    await poll(
      async () => (child.exitCode !== null || (await answers(port)) ? true : undefined),
      60_000,
    );
    child.kill();
    await ended;
    await rename(path.join(javaDir, part), path.join(javaDir, CLASSES));
  } catch {
    await rm(path.join(javaDir, part), { force: true });
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

async function maven(
  work: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const args = ['-B', COPY_GOAL, '-DoutputDirectory=lib', '-DincludeScope=runtime'];
  const child = spawn('mvn', args, {
    cwd: work,
    ...(signal ? { signal } : {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let fetched = 0;
  let tail = '';
  const read = (chunk: Buffer): void => {
    const text = chunk.toString();
    fetched += text.split('Downloaded from').length - 1;
    tail = (tail + text).slice(-2000);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const progress = setInterval(() => say(`  … still at it, ${fetched} files fetched so far`), 5000);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new Error('mvn is not installed') : error),
      );
      child.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(firstError(tail) ?? `mvn ended with ${code}`)),
      );
    });
  } finally {
    clearInterval(progress);
  }
}

const firstError = (output: string): string | undefined =>
  output
    .split('\n')
    .find((line) => line.startsWith('[ERROR]'))
    ?.slice(8, 300);

const noWay = (folder: string, download: string, mavens: string): string =>
  [
    'The time-skipping test server cannot be had. Either of these mends it:',
    `  - let this machine reach https://temporal.download (it said: ${download})`,
    `  - install Java 17 and Maven, for example apt-get install -y default-jre-headless maven (Maven said: ${mavens})`,
    `It is looked for, and kept, in ${folder}.`,
  ].join('\n');

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300);

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

const sdkVersion = (): string =>
  (createRequire(import.meta.url)('@temporalio/testing/package.json') as { version: string })
    .version;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>rollcall</groupId><artifactId>time-skipping-server</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId>
      <version>${JAVA_SERVER}</version>
    </dependency>
    <dependency><!-- else it complains on stderr at each start -->
      <groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** C1 only and the small collector: it starts sooner, and it never lives long. */
const WRAPPER = `#!/bin/sh
here="$(dirname "$0")"
classes="-Xshare:auto"
if [ -f "$here/${CLASSES}" ]; then classes="-XX:SharedArchiveFile=$here/${CLASSES}"; fi
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m \\
  "$classes" -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
`;
