/**
 * The contract between the process and everybody else: what the workflows ask of the
 * activities, what they take as messages and what they answer. Everything here is plain
 * JSON; ids, counts, codes and hashes only, never a person's name, an address or a cell.
 */
export * from './contract/activities.js';
export * from './contract/answers.js';
export * from './contract/housekeeping.js';
export * from './contract/messages.js';
export * from './contract/runs.js';
