import type { MailTemplate, Policy } from '../contract.js';
import type { Stage } from '../stages.js';
import { show } from './enter.js';
import { mailKey, type Onboarding } from './state.js';

/** Support is not reminded; it is told once, by the escalation. */
const REMINDER: Readonly<Partial<Record<Stage, MailTemplate>>> = {
  'awaiting-upload': 'upload-reminder',
  'awaiting-correction': 'correction-reminder',
  'awaiting-login-test': 'login-test-reminder',
};

const SHORTEST = 1000;

/**
 * When the n-th reminder (1, 2, 3 …) is due, in milliseconds since the stage began: first as the
 * list says, then evenly.
 */
export function reminderDue(policy: Policy, number: number): number {
  const listed = policy.remindAfter[number - 1];
  if (listed !== undefined) return listed;
  const further = number - policy.remindAfter.length;
  return (policy.remindAfter.at(-1) ?? 0) + further * Math.max(policy.remindEvery, SHORTEST);
}

/**
 * Sends what is due in this stay: a reminder to the district and, once, word to support. After a
 * long standstill of ours one reminder is sent, not all that were missed.
 *
 * Answers how long until the next is due, in milliseconds; null if nothing will be.
 */
export function remindAndEscalate(onboarding: Onboarding, policy: Policy): number | null {
  const { stay } = onboarding.state;
  const template = REMINDER[stay.stage];
  const waited = Date.now() - Date.parse(stay.since);
  const next: number[] = [];

  if (template !== undefined) {
    const before = stay.reminded;
    while (reminderDue(policy, stay.reminded + 1) <= waited) stay.reminded += 1;
    if (stay.reminded > before) {
      const key = mailKey(onboarding, template, stay.reminded);
      onboarding.post.send({ template, key, stage: stay.stage, ...runOf(onboarding) });
      show(onboarding);
    }
    next.push(reminderDue(policy, stay.reminded + 1));
  }
  if (!stay.escalated && policy.escalateAfter <= waited) {
    stay.escalated = true;
    const key = mailKey(onboarding, `escalation/${stay.stage}`);
    onboarding.post.send({ template: 'escalation', key, stage: stay.stage, ...runOf(onboarding) });
  }
  if (!stay.escalated) next.push(policy.escalateAfter);
  return next.length === 0 ? null : Math.max(Math.min(...next) - waited, 1);
}

const runOf = ({ state }: Onboarding): { run?: number } =>
  state.lastRun === null ? {} : { run: state.lastRun.run };
