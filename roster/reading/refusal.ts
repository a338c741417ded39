/** The whole file is refused: nothing of it may be used. Thrown by a step, caught by readRoster. */
import type { FindingCode, ReadProblem } from '../findings.js';

export interface RefusalFacts {
  /** Null: where the reader stands, which it fills in itself. */
  readonly line?: number | null;
  /** Names of our own columns, parted by `, `; never what stands in the file. */
  readonly columns?: string;
  readonly count?: number;
  /** What the file calls the columns that are none of ours. */
  readonly unknown?: string;
}

export class Refusal extends Error {
  readonly problem: ReadProblem;
  readonly code: FindingCode;
  readonly facts: RefusalFacts;
  constructor(problem: ReadProblem, code: FindingCode, facts: RefusalFacts = {}) {
    super(code);
    this.name = 'Refusal';
    this.problem = problem;
    this.code = code;
    this.facts = facts;
  }
}
