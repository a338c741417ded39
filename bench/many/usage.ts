/** Processor time of processes, from /proc: nothing where there is none (macOS). */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended and were waited for. */
  readonly children: number;
}

/** Seconds that this process and all below it have used, with those below it that have ended. */
export function cpuSeconds(pid: number): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? statOf(name) : []));
  const below = (parent: number): number =>
    all
      .filter((one) => one.parent === parent)
      .reduce((sum, one) => sum + one.own + one.children + below(one.pid), 0);
  const self = all.find((one) => one.pid === pid);
  return self ? (self.own + self.children + below(pid)) / TICKS : 0;
}

function statOf(name: string): Stat[] {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (n: number): number => fields[n] ?? 0;
    return [{ pid: Number(name), parent: at(1), own: at(11) + at(12), children: at(13) + at(14) }];
  } catch {
    return []; // it has ended meanwhile
  }
}
