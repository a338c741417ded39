import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Where downloads and builds that all clones share are kept: ROLLCALL_CACHE, else
 * XDG_CACHE_HOME/rollcall, else ~/.cache/rollcall. Absolute; not made here.
 */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env['ROLLCALL_CACHE']) return path.resolve(env['ROLLCALL_CACHE']);
  if (env['XDG_CACHE_HOME']) return path.resolve(env['XDG_CACHE_HOME'], 'rollcall');
  const home = env['HOME'] || homedir();
  return home === '' || home === '/'
    ? path.join(tmpdir(), 'rollcall-cache')
    : path.join(home, '.cache', 'rollcall');
}
