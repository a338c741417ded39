/** What the read side of the store answers, under the names that the client uses. */
export type {
  ArchivedRecord,
  CauseRecord,
  FindingRecord,
  PlanRecord,
  RepairRecord,
  RunRecord,
  SampleLogins,
} from '../store/types.js';
