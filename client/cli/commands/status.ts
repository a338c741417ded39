import { setTimeout as pause } from 'node:timers/promises';
import type { CommandSpec, Run } from '../command.js';
import { statusBlock, statusTable } from '../status-words.js';
import { RollcallError } from '../../errors.js';
import type { Rollcall, Status } from '../../types.js';

const LOOK_EVERY_MS = 2_000;
/** Home, and wipe what is below. */
const WIPE = '\u001b[H\u001b[J';

export const status: CommandSpec = {
  name: 'status',
  summary: 'show where a district stands, or all of them',
  about: 'Works without a worker. With --watch: until live, or Ctrl-C.',
  args: [['[id]', 'the district; without it, all of them']],
  options: [{ flags: '--watch', about: 'look again every 2 seconds' }],
  examples: ['status', 'status maple-valley --watch'],
  async run(run) {
    const { rollcall } = await run.open();
    if (run.options.flag('watch')) return watch(run, rollcall);
    return tell(run, await look(run, rollcall));
  },
};

type Seen = Status | readonly Status[];
const isList = (seen: Seen): seen is readonly Status[] => Array.isArray(seen);

const look = ({ args: [id] }: Run, rollcall: Rollcall): Promise<Seen> =>
  id === undefined ? rollcall.statusAll() : rollcall.status(id);

async function tell({ io }: Run, seen: Seen, before = ''): Promise<void> {
  io.answer(seen);
  if (io.json) return;
  if (isList(seen) && seen.length === 0) {
    return io.say('No district yet: npx rollcall district add --help');
  }
  io.say(before + (isList(seen) ? await statusTable(io, seen) : statusBlock(io, seen)));
}

/** A terminal is drawn anew each time; elsewhere, and as JSON, only what has changed is said. */
async function watch(run: Run, rollcall: Rollcall): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal); // npm may pass the same Ctrl-C on once more
  let told = '';
  try {
    while (!stop.signal.aborted) {
      const seen = await lookPatiently(run, rollcall);
      if (seen) {
        const now = JSON.stringify(seen);
        if (run.io.terminal) await tell(run, seen, WIPE);
        else if (now !== told) await tell(run, seen);
        told = now;
        const all = isList(seen) ? seen : [seen];
        if (all.every(({ stage }) => stage === 'live')) return;
      }
      await pause(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', onSignal);
  }
}

/** Null while something is down; it may come back. */
async function lookPatiently(run: Run, rollcall: Rollcall): Promise<Seen | null> {
  try {
    return await look(run, rollcall);
  } catch (error) {
    if (!(error instanceof RollcallError) || error.exit !== 3) throw error;
    run.io.progress(error.message);
    return null;
  }
}
