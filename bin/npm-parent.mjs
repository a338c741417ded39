/**
 * npm and npx run a command by `sh -c` and pass a signal on to that shell alone. A shell that is
 * no bash dies of it without a word to the program, which would go on for good.
 */

const LOOK_MS = 500;

/**
 * Under npm or npx, takes the end of the parent for a SIGTERM to this process: its handlers run,
 * and without one it ends. Keeps nothing alive.
 */
export function followNpm({ env = process.env, parent = process.ppid } = {}) {
  if (!env.npm_command) return;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  looking.unref();
}
