/** What a reading is given and what comes of it. */
import type { AcceptableCode } from './accepted.js';
import type { FileSays } from './file-says.js';
import type { RosterFilter } from './filter.js';
import type { Filtered } from './filter/inside.js';
import type { Finding, FindingTotals, ReadProblem } from './findings.js';
import type { Findings } from './reading/finding-list.js';
import type { Counts } from './reading/gather.js';
import type { ColumnMapping } from './reading/header.js';
import type { Repair } from './repairs.js';
import type { LostId } from './rules/damaged-ids.js';
import type { KnownRoster } from './rules/known-roster.js';
import type { SaysDelta } from './says-delta.js';
import type { AreSame } from './reading/same-lines.js';
import type { Snapshot } from './snapshot.js';

export interface RosterRead {
  readonly ok: true;
  /** Rows below the header, without blank ones; `accepted` + `rejected`. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Distinct ones in the accepted rows, those outside the filter not among them. */
  readonly counts: Counts;
  /** What the filter left out; null: there was none. Findings are about the whole file. */
  readonly filtered: Filtered | null;
  /** By line, as often as they are asked for; the same for the same bytes, however they came. */
  readonly findings: Findings;
  /** Lines of rows that the sink got as accepted and that a conflict with other rows rejects. */
  readonly rejectedLines: readonly number[];
  /**
   * Ids that do not name what their rows are about. The sink got those rows as accepted, and
   * `rejectedLines` has them: their cell in that column counts as unreadable.
   */
  readonly lostIds: readonly LostId[];
  /** What the accepted rows say, each thing once, of the classes inside the filter. */
  readonly says: FileSays;
  readonly totals: FindingTotals;
  readonly repairs: readonly Repair[];
  /** For the next night: see snapshot.ts. */
  snapshot(): Iterable<Uint8Array>;
  /** How what counts of the file differs from what `before` said; null where there was none. */
  difference(): SaysDelta | null;
}
/** Nothing of the file may be used, not even the rows that the sink was given. */
export interface RosterRefused {
  readonly ok: false;
  readonly problem: ReadProblem;
  readonly finding: Finding;
}
export type ReadResult = RosterRead | RosterRefused;

/** The last accepted file: what of it stands in this one, too, is not read again. */
export interface Before {
  readonly snapshot: Snapshot;
  /** Its bytes, to find that; without them the two are compared by what they say. */
  readonly bytes?: AsyncIterable<Uint8Array>;
  /** Whether two arrays of one length are the same, where that can be told natively. */
  readonly areSame?: AreSame;
  /** It says all that is known, so that rules compare with it and not with `known`. */
  readonly isAll: boolean;
}

/**
 * What was read so far must be read again, and without the bytes of the file before: the encoding
 * is another one than seemed so far. The sink has had rows of it.
 */
export class ReadWhole extends Error {
  constructor() {
    super('the file has to be read whole');
    this.name = 'ReadWhole';
  }
}

export interface ReadOptions {
  /** The sink is given rejected rows only. */
  readonly rejectedOnly?: boolean;
  /** After each block. */
  onProgress?(bytes: number, rows: number): void;
  readonly signal?: AbortSignal;
  /** Once, with the names of the header as they stand in the file; before the first row. */
  onHeader?(names: readonly string[]): void | Promise<void>;
  /** What the last accepted file said, for the rules that compare. */
  readonly known?: KnownRoster | null;
  readonly before?: Before | null;
  /** Which reader this is: only what the same one has read is told again. */
  readonly reader?: string;
  /** How many bytes are taken apart at a time; changes the pace and nothing else. */
  readonly blockBytes?: number;
  /** The district's own names: header text → our column. They go before all that we know. */
  readonly columns?: ColumnMapping;
  /** Findings that the district has had accepted: they are notes, and reject nothing. */
  readonly accepts?: readonly AcceptableCode[];
  /** Which of its classes are wanted. A file of which none is left is refused. */
  readonly filter?: RosterFilter;
}
