/** What the read side of the store answers, under the names that the client uses. */
export type {
  CauseRecord,
  FindingRecord,
  PlanRecord,
  RepairRecord,
  RunRecord,
  SampleLogins,
} from '../store/types.js';
