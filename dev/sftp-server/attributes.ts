/** File attributes as SFTP shows them. The machine's own owners and modes are nobody's business. */
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import type { Attributes, FileEntry } from 'ssh2';

export function attributesOf(stats: Stats): Attributes {
  return {
    mode: stats.isDirectory() ? constants.S_IFDIR | 0o700 : constants.S_IFREG | 0o600,
    uid: 0,
    gid: 0,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  };
}

/** One entry of a listing, with the line that `ls -l` prints. */
export function entryOf(name: string, stats: Stats): FileEntry {
  return { filename: name, longname: longName(name, stats), attrs: attributesOf(stats) };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HALF_A_YEAR = 182 * 24 * 3600 * 1000;

function longName(name: string, stats: Stats): string {
  const kind = stats.isDirectory() ? 'drwx------' : '-rw-------';
  const { mtime } = stats;
  const day = String(mtime.getUTCDate()).padStart(2);
  const time = mtime.toISOString().slice(11, 16);
  const old = Math.abs(Date.now() - mtime.getTime()) > HALF_A_YEAR;
  const when = `${MONTHS[mtime.getUTCMonth()]} ${day} ${old ? ` ${mtime.getUTCFullYear()}` : time}`;
  const shown = name.replaceAll(/\p{Cc}/gu, '?');
  return `${kind}   1 rollcall rollcall ${String(stats.size).padStart(12)} ${when} ${shown}`;
}
