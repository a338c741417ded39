import type { Context } from '../context.js';
import { describeNightly, nextSyncOf, noSchedule } from '../nightly.js';
import { readBy } from '../signal.js';
import type { By, Paused, Rollcall } from '../types.js';
import { nightlyScheduleId } from '../../workflows/ids.js';

export function scheduleVerbs(context: Context): Pick<Rollcall, 'pause' | 'resume'> {
  const turn = async (id: string, paused: boolean, options: By): Promise<Paused> => {
    const by = readBy(options.by);
    await context.district(id);
    const before = await describeNightly(context, id);
    if (!before) throw noSchedule(id);
    const changed = before.state.paused !== paused;
    if (changed) {
      await context.temporal((client) => {
        const handle = client.schedule.getHandle(nightlyScheduleId(id));
        return paused ? handle.pause(`paused by ${by}`) : handle.unpause(`resumed by ${by}`);
      });
    }
    const after = changed ? await describeNightly(context, id) : before;
    return { district: id, paused, changed, nextSync: nextSyncOf(after) };
  };
  return {
    pause: (id, options = {}) => turn(id, true, options),
    resume: (id, options = {}) => turn(id, false, options),
  };
}
