/** Where the time of workflows went, from the times in their own histories. */
import type { Client } from '@temporalio/client';

type Events = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>;
type Event = Events[number];

/** All in milliseconds. */
export interface Step {
  /** An activity's name, or `workflow task`. */
  readonly name: string;
  /** From being scheduled until a worker had it (its last attempt). */
  readonly waited: number;
  readonly took: number;
}
export interface Timeline {
  readonly id: string;
  readonly start: number;
  readonly total: number;
  readonly steps: readonly Step[];
}

export async function timelineOf(client: Client, id: string): Promise<Timeline> {
  const { events } = await client.workflow.getHandle(id).fetchHistory();
  const all = events ?? [];
  const byId = new Map(all.map((event) => [Number(event.eventId), event]));
  const steps = all.flatMap((event): Step[] => {
    const done = event.activityTaskCompletedEventAttributes;
    if (done) return [stepOf(byId, done, event)];
    const task = event.workflowTaskCompletedEventAttributes;
    return task ? [stepOf(byId, task, event)] : [];
  });
  const [first, last] = [all[0]!, all.at(-1)!];
  return { id, start: timeOf(first), total: timeOf(last) - timeOf(first), steps };
}

type Done = {
  scheduledEventId?: { toString(): string } | number | null;
  startedEventId?: { toString(): string } | number | null;
};

function stepOf(byId: Map<number, Event>, done: Done, end: Event): Step {
  const scheduled = byId.get(Number(done.scheduledEventId))!;
  const started = byId.get(Number(done.startedEventId))!;
  const name = scheduled.activityTaskScheduledEventAttributes?.activityType?.name;
  return {
    name: name ?? 'workflow task',
    waited: timeOf(started) - timeOf(scheduled),
    took: timeOf(end) - timeOf(started),
  };
}

const timeOf = ({ eventTime }: Event): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
