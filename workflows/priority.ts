/**
 * Whose turn it is where work waits for a worker. Every workflow, and with it each of its
 * activities, bears its district's name: the server deals out turns by district, so that one with
 * a thousand tasks waits behind itself and not before all others. Servers that do not know of it
 * take the oldest first.
 */

/** 3 is the middle, and what a task has without a word; the lower goes first. */
const BEFORE_NIGHTS = 2;

export interface Turn {
  /** At most 64 bytes: a district's id has no more than 63. */
  readonly fairnessKey: string;
  readonly priorityKey?: number;
}

export const fairShare = (district: string): Turn => ({ fairnessKey: district });

/** Somebody sits there and waits. */
export const askedFor = (district: string): Turn => ({
  fairnessKey: district,
  priorityKey: BEFORE_NIGHTS,
});
