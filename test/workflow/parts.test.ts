/** A part of a plan goes on; what it leaves out is held by the same workflow, as a run of its own. */
import { describe, expect, it } from 'vitest';
import type { HeldLimit } from '../../workflows/contract.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/shared/publish.js';
import { until } from '../support/wait.js';
import { toApproval } from './paths.js';
import { type DrivenSync, timeTravel } from './time.js';
import { DAY, UNKNOWN_SCHOOL, type World } from './world.js';

const time = timeTravel();
const HELD: readonly HeldLimit[] = [
  { limit: 'students-removed', school: '003', value: 30, allowed: 10 },
];
const WITHOUT = { withoutSchools: ['003'] };
const PART = `plan-a-1${JSON.stringify(WITHOUT)}`;
const REST = 'rest-plan-a-1';

async function held(world: World = time.newWorld(), sha256 = 'a'): Promise<DrivenSync> {
  world.file = { sha256, held: HELD };
  const driven = await time.sync(world, `night-${sha256}-${world.runs.length}`);
  await driven.reaches('held');
  return driven;
}
const offers = (driven: DrivenSync, planHash: string) =>
  until(`${planHash} is on offer`, async () => (await driven.progress()).planHash === planHash);
const told = (world: World, mails: number) =>
  until('support is told', () => world.mailed().length === mails);
const noted = ({ progress }: DrivenSync) =>
  until('a signal is noted', async () => {
    const { ignored } = await progress();
    return ignored.length > 0 && ignored;
  });

describe('schools under their limits', () => {
  async function isolated(): Promise<DrivenSync> {
    const world = time.newWorld();
    world.file = { sha256: 'a', held: HELD, isolates: ['003'] };
    const driven = await time.sync(world);
    await driven.reaches('held');
    await told(world, 1);
    return driven;
  }

  it('go on at once, and support is asked about the others', async () => {
    const { world, handle, progress, signal } = await isolated();
    expect(world.applied).toEqual([{ run: 1, planHash: PART, by: 'system' }]);
    expect(world.outcomes()).toEqual(['applied', 'held']);
    expect(world.mails).toMatchObject([{ template: 'sync-held', run: 2 }]);
    expect(await progress()).toMatchObject({
      ...{ stage: 'held', waitingOn: 'support', run: 2, planHash: REST },
      lastRun: { run: 2, outcome: 'held', restOf: 1 },
      applied: [{ run: 1, outcome: 'applied' }],
    });
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn)).toBe('support');
    await signal('planApproved', { by: 'cli', planHash: REST });
    expect(await handle.result()).toMatchObject({ run: 2, outcome: 'applied', applied: [1] });
    expect(world.applied.at(-1)).toEqual({ run: 2, planHash: REST, by: 'cli' });
  });

  it('stay as they went on when the others are rejected', async () => {
    const { world, handle, signal } = await isolated();
    await signal('planRejected', { by: 'cli', reason: 'note/3' });
    expect(await handle.result()).toMatchObject({ run: 2, outcome: 'rejected', applied: [1] });
    expect(world.outcomes()).toEqual(['applied', 'rejected']);
    expect(world.applied).toHaveLength(1);
  });

  it('are not loaded twice the next night: the same bytes find the others held', async () => {
    const { world, handle, signal } = await isolated();
    const next = await time.sync(world, 'next-night');
    expect(await next.handle.result()).toMatchObject({ outcome: 'held', heldBy: 2 });
    expect(world.applied).toHaveLength(1);
    await signal('planApproved', { by: 'cli' });
    expect(await handle.result()).toMatchObject({ run: 2, outcome: 'applied' });
  });

  it('leave the others to a newer file, or to the next night once their time is up', async () => {
    const first = await isolated();
    first.world.file = { sha256: 'b' };
    const next = await time.sync(first.world, 'next-night');
    expect(await next.handle.result()).toMatchObject({ run: 3, outcome: 'applied' });
    const ended = await first.handle.result();
    expect(ended).toMatchObject({ run: 2, outcome: 'held', endedBy: 'superseded', applied: [1] });

    const second = await isolated();
    await time.pass(15 * DAY);
    expect(await second.handle.result()).toMatchObject({ run: 2, endedBy: 'expired' });
  });
});

describe('an approval of a part', () => {
  it('applies that part, and holds the rest, which may be parted again', async () => {
    const driven = await held();
    const { world, handle, signal } = driven;
    await signal('planApproved', { by: 'cli', planHash: 'plan-a-1', ...WITHOUT });
    await offers(driven, REST);
    expect(world.applied).toEqual([{ run: 1, planHash: PART, by: 'cli' }]);
    await signal('planApproved', { by: 'cli', planHash: REST, additionsOnly: true });
    await offers(driven, REST);
    await until('the rest of the rest is held', () => world.outcomes().at(2) === 'held');
    expect(world.outcomes()).toEqual(['applied', 'applied', 'held']);
    await signal('planRejected', { by: 'cli' });
    expect(await handle.result()).toMatchObject({ run: 3, outcome: 'rejected', applied: [1, 2] });
  });

  it('of a plan that is another one by now counts for nothing, and support is asked', async () => {
    const driven = await held();
    const { world, signal } = driven;
    world.before('makePlan', (call) => {
      if (call === 2) world.rosterVersion = 2;
    });
    await signal('planApproved', { by: 'cli', planHash: 'plan-a-1', ...WITHOUT });
    await offers(driven, 'plan-a-2');
    expect(await noted(driven)).toMatchObject([{ why: 'the plan is another one by now' }]);
    expect(world.applied).toEqual([]);
  });

  it('is made again where the roster moved and the plan did not', async () => {
    const driven = await held();
    const { world, signal } = driven;
    world.before('applyPlan', (call) => {
      world.rosterVersion = call === 1 ? 2 : 1;
    });
    world.before('makePlan', () => {
      world.rosterVersion = 1;
    });
    await signal('planApproved', { by: 'cli', ...WITHOUT });
    await offers(driven, REST);
    expect(world.applied).toEqual([{ run: 1, planHash: PART, by: 'cli' }]);
  });

  it('without a school that is not there is noted, and the plan stays on offer', async () => {
    const driven = await held();
    const { world, signal } = driven;
    await signal('planApproved', { by: 'cli', withoutSchools: [UNKNOWN_SCHOOL] });
    expect(await noted(driven)).toEqual([
      {
        ...{ signal: 'planApproved', by: 'cli' },
        why: 'it leaves out a school that the plan does not have',
      },
    ]);
    await offers(driven, 'plan-a-1');
    expect(world.applied).toEqual([]);
    expect(world.mailed()).toEqual(['sync-held']);
    await signal('planApproved', { by: 'cli' });
    await driven.handle.result();
    expect(world.applied).toEqual([{ run: 1, planHash: 'plan-a-1', by: 'cli' }]);
  });

  it.each([
    ['schools that are no list', { withoutSchools: '003' }],
    ['a school without a name', { withoutSchools: ['003', ' '] }],
    ['a school that is a number', { withoutSchools: [3] }],
    ['a word for yes', { additionsOnly: 'yes' }],
  ])('with %s is noted, and nothing is applied', async (_, payload) => {
    const driven = await held();
    await driven.signal('planApproved', { by: 'cli', ...payload });
    expect(await noted(driven)).toMatchObject([
      { why: 'what it approves of the plan cannot be read' },
    ]);
    expect((await driven.progress()).planHash).toBe('plan-a-1');
    expect(driven.world.applied).toEqual([]);
  });
});

it('an undo is approved whole or not at all', async () => {
  const world = time.newWorld();
  const workflowId = `sync/${world.district}/nightly`;
  world.runs.push({ run: 1, kind: 'nightly', workflowId, occasion: 'a', outcome: 'applied' });
  world.undoHeld = HELD;
  const driven = await time.undo(world, { run: 1, planHash: 'undo-1-1' });
  await driven.reaches('held');
  await driven.signal('planApproved', { by: 'cli', ...WITHOUT });
  expect(await noted(driven)).toMatchObject([{ why: 'an undo is approved whole or not at all' }]);
  await offers(driven, 'undo-1-1');
  expect(world.applied).toEqual([]);
  await driven.signal('planApproved', { by: 'cli' });
  expect(await driven.handle.result()).toMatchObject({ outcome: 'applied' });
});

describe('a first plan', () => {
  it('that is approved in part goes on, and a sync of its own holds the rest', async () => {
    const { world, signal, reaches } = await toApproval(time);
    await signal('planApproved', { by: 'cli', planHash: 'plan-a-1', ...WITHOUT });
    await reaches('awaiting-login-test');
    expect(world.applied).toEqual([{ run: 1, planHash: PART, by: 'cli' }]);
    const rest = time.existing(world, `sync/${world.district}/rest-2`);
    await offers(rest, REST);
    expect(world.runs[1]).toMatchObject({ workflowId: rest.handle.workflowId, outcome: 'held' });
    await rest.signal('planApproved', { by: 'cli' });
    expect(await rest.handle.result()).toMatchObject({ run: 2, outcome: 'applied' });
  });

  it('without a school that is not there is offered again', async () => {
    const { world, signal, progress, reaches } = await toApproval(time);
    await signal('planApproved', { by: 'cli', withoutSchools: [UNKNOWN_SCHOOL] });
    await until('it is noted', async () => (await progress()).ignored.length === 1);
    const { planHash } = await reaches('awaiting-approval');
    expect(planHash).toBe('plan-a-1');
    expect(world.applied).toEqual([]);
  });
});
