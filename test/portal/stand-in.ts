/**
 * A typed stand-in for the verbs, for pages whose look and not whose process is under test.
 * Links, notes and cookies are real: they go through the database in every test.
 */
import type { PortalVerbs } from '../../client/portal/read-district.js';
import type { Vendor } from '../../config/vendor.js';
import { causes } from '../../roster/causes.js';
import {
  DEFAULT_TIMINGS,
  type District,
  type FindingRecord,
  type PlanRecord,
  type RepairRecord,
  type RunRecord,
} from '../../store/types.js';
import { STAGE_WAITS_ON, type Stage } from '../../workflows/stages.js';

export const VENDOR: Vendor = {
  name: 'Science Learning Co.',
  supportAddress: 'support@vendor.example',
  products: [
    { id: 'rocketlit', name: 'RocketLit', loginUrl: 'https://rocketlit.com/login' },
    { id: 'innerorbit', name: 'InnerOrbit', loginUrl: 'https://innerorbit.com/login' },
  ],
};

export const DISTRICT: District = {
  id: 'maple-valley',
  name: 'Maple Valley Unified School District',
  contact: 'office@maple-valley.example',
  seats: 2400,
  timeZone: 'America/Los_Angeles',
  nightlyAt: '22:30',
  products: ['rocketlit', 'innerorbit'],
  fileName: 'roster.csv',
  ownServer: null,
  limits: { removalPercent: 10, own: {}, effective: {} },
  isolateSchools: true,
  purgeAfterDays: 365,
  keepFiles: 60,
  timings: DEFAULT_TIMINGS,
  columns: {},
  accepts: [],
  filter: {},
  liveAt: null,
  createdAt: '2026-11-20T17:00:00.000Z',
};

export const OWN_SERVER: District['ownServer'] = {
  host: 'sftp.maple-valley.example',
  port: 2222,
  username: 'rollcall',
  path: '/exports/science',
  secretRef: 'env:MAPLE_SECRET',
  hostKey: 'SHA256:9Xg0z1lD4vG4bqN0l7Q5o2n8rC6kYh3pT1sUwVaZxEc',
};

const RUN: RunRecord = {
  run: 1,
  kind: 'first',
  outcome: null,
  problem: null,
  errorCode: null,
  file: { sha256: 'a'.repeat(64), bytes: 421_337, rows: 4218 },
  accepted: 4218,
  rejected: 0,
  outside: null,
  changes: null,
  findings: { errors: 0, warnings: 0, notes: 0 },
  planHash: 'b'.repeat(64),
  restOf: null,
  workflowId: 'onboarding/maple-valley',
  undoes: null,
  forgottenAt: null,
  occasion: 'cycle-1',
  startedAt: '2026-11-23T22:03:00.000Z',
  endedAt: '2026-11-23T22:04:00.000Z',
};

const NOTHING = { added: 0, changed: 0, reactivated: 0, deactivated: 0 };

/** A plan that waits; nothing of it is shown but why it was rejected. */
export const PLAN: PlanRecord = {
  run: 1,
  hash: 'b'.repeat(64),
  state: 'waiting',
  held: [],
  seats: { licensed: 2400, before: 0, after: 2210, buffer: 0 },
  room: null,
  scope: null,
  wholeHash: null,
  isolated: false,
  rest: null,
  restOf: null,
  choices: [],
  purged: 0,
  answersSince: 0,
  changes: {
    schools: NOTHING,
    teachers: NOTHING,
    classes: NOTHING,
    classTeachers: NOTHING,
    students: NOTHING,
    enrollments: NOTHING,
  },
  undo: null,
  outside: null,
  bySchool: [],
  kept: { schools: 0, teachers: 0, classes: 0, classTeachers: 0, students: 0, enrollments: 0 },
  renamed: { schools: 0, teachers: 0, classes: 0, students: 0 },
  madeAt: '2026-11-23T22:04:00.000Z',
  closedAt: null,
  closedBy: null,
  reason: null,
};

export const WITH_MISTAKES: RunRecord = {
  ...RUN,
  accepted: 4201,
  rejected: 17,
  findings: { errors: 4, warnings: 1, notes: 0 },
};

export const finding = (
  given: Partial<FindingRecord> & Pick<FindingRecord, 'code'>,
): FindingRecord => ({
  severity: 'error',
  line: null,
  column: null,
  value: null,
  subject: null,
  rows: 1,
  people: null,
  lines: [],
  ...given,
});

export const sampleStudent = {
  email: 'zoe.obrien@students.maple-valley.example',
  firstName: 'Zoë',
  lastName: "O'Brien",
  gradeLevel: '7',
  school: 'Harbor View Middle School',
};

export interface StandIn {
  readonly stage?: Stage | 'not-started';
  readonly district?: District;
  readonly runs?: readonly RunRecord[];
  readonly findings?: readonly FindingRecord[];
  readonly repairs?: readonly RepairRecord[];
  readonly samples?: Awaited<ReturnType<PortalVerbs['samples']>>;
  /** Verbs to replace, for example to make one fail. */
  readonly verbs?: Partial<PortalVerbs>;
}

/** What came in, in order, for example `uploaded maple-valley portal`. */
export interface Recorded {
  readonly verbs: PortalVerbs;
  readonly calls: string[];
}

export function standIn(given: StandIn = {}): Recorded {
  const district = given.district ?? DISTRICT;
  const stage = given.stage ?? 'awaiting-upload';
  const calls: string[] = [];
  const runs = given.runs ?? runsAt(stage);
  let made = 0;
  const told =
    (signal: 'fileUploaded' | 'loginTestCompleted' | 'loginTestFailed', verb: string) =>
    async (id: string, options: { by?: string; reason?: string } = {}) => {
      calls.push([verb, id, options.by, options.reason].filter(Boolean).join(' '));
      return { district: id, signal, workflowId: `onboarding/${id}` };
    };
  const verbs: PortalVerbs = {
    showDistrict: async () => district,
    access: async (id) =>
      district.ownServer
        ? { ...district.ownServer, path: `${district.ownServer.path}/${district.fileName}` }
        : {
            host: 'sftp.vendor.example',
            port: 22,
            username: id,
            path: '/roster.csv',
            hostKey: 'SHA256:kq0Wm2y7oX1bV9cR5tZ3pL8sN6dF4gH2jK0mQ1wE3rY',
          },
    status: async (id) => ({
      district: id,
      name: district.name,
      stage,
      waitingOn: stage === 'not-started' ? 'support' : STAGE_WAITS_ON[stage],
      since: stage === 'not-started' ? null : '2026-11-23T22:05:00.000Z',
      workflowId: `onboarding/${id}`,
      workflow: stage === 'not-started' ? 'none' : 'running',
      waitingPlan: null,
      loginReason: null,
      lastRun: runs[0] ?? null,
      nextSync: stage === 'live' ? '2026-11-25T06:30:00.000Z' : null,
      paused: false,
      worker: { running: true, lastSeen: null },
    }),
    runs: async () => [...runs],
    report: async () => ({
      run: runs[0] ?? RUN,
      read: runs[0] ?? RUN,
      archived: { kept: true, keepFiles: 60 },
      causes: causes(given.findings ?? FINDINGS),
      repairs: given.repairs ?? [],
      async *findings() {
        yield* given.findings ?? FINDINGS;
      },
    }),
    plan: async () => PLAN,
    samples: async () => given.samples ?? SAMPLES,
    uploaded: told('fileUploaded', 'uploaded'),
    loginsOk: told('loginTestCompleted', 'loginsOk'),
    loginsFailed: told('loginTestFailed', 'loginsFailed'),
    newPassword: async (id) => {
      calls.push(`newPassword ${id}`);
      made += 1;
      return {
        host: 'sftp.vendor.example',
        port: 22,
        username: id,
        path: '/roster.csv',
        hostKey: 'SHA256:kq0Wm2y7oX1bV9cR5tZ3pL8sN6dF4gH2jK0mQ1wE3rY',
        password: `hn4vq8mzk2bxw7sp9cde3jtr${made}a`,
      };
    },
    ...given.verbs,
  };
  return { verbs, calls };
}

/** A run that fits the stage. */
function runsAt(stage: Stage | 'not-started'): readonly RunRecord[] {
  if (stage === 'not-started' || stage === 'inviting' || stage === 'awaiting-upload') return [];
  if (stage === 'awaiting-correction') return [{ ...WITH_MISTAKES, outcome: 'held' }];
  if (stage === 'validating')
    return [{ ...RUN, file: null, accepted: null, rejected: null, findings: null, endedAt: null }];
  const planned = stage === 'awaiting-approval' || stage === 'loading';
  return [{ ...RUN, outcome: planned ? 'held' : 'applied' }];
}

const SAMPLES = {
  run: 1,
  students: [
    sampleStudent,
    {
      email: 'jose.martinez@students.maple-valley.example',
      firstName: 'José',
      lastName: 'Martínez',
      gradeLevel: '5',
      school: 'Maple Street Elementary',
    },
  ],
  teachers: [
    {
      email: 'lucia.nunez@maple-valley.example',
      firstName: 'Lucía',
      lastName: 'Núñez',
      school: 'Harbor View Middle School',
    },
  ],
};

const FINDINGS: readonly FindingRecord[] = [
  finding({ code: 'EMAIL_MALFORMED', line: 118, column: 'student_email', value: 'zoe.obrien' }),
  finding({ code: 'EMAIL_MALFORMED', line: 119, column: 'student_email', value: 'n/a' }),
  finding({
    code: 'STUDENT_CONFLICT',
    line: 2041,
    column: 'student_grade_level',
    value: '5 / 6',
    rows: 6,
    lines: [2041, 2377],
  }),
  finding({ code: 'VALUE_MISSING', line: 3002, column: 'class_id', rows: 9 }),
  finding({
    code: 'GRADE_UNKNOWN',
    severity: 'warning',
    line: 77,
    column: 'student_grade_level',
    value: 'Grade 14',
  }),
];
