import type { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { timeTravel } from './time.js';

const time = timeTravel();

describe('a look at a filter', () => {
  it('answers with counts, and changes nothing', async () => {
    const world = time.newWorld();
    const handle = await time.lookAtFilter(world, { preview: 'one' });
    expect(handle.workflowId).toBe(`filter/${world.district}/one`);
    expect(await handle.result()).toEqual({
      state: 'ready',
      classes: { all: 40, inside: 12 },
      students: { all: 1100, inside: 300 },
    });
    expect(world.runs).toEqual([]);
    expect(world.mails).toEqual([]);
  });

  it('waits while another run has the district', async () => {
    const world = time.newWorld();
    world.before('previewFilter', (call) => {
      if (call < 4) throw new Error('DISTRICT_BUSY');
    });
    const handle = await time.lookAtFilter(world, { preview: 'one' });
    await time.pass(60_000);
    expect(await handle.result()).toMatchObject({ state: 'ready' });
    expect(world.countOf('previewFilter')).toBe(4);
  });

  it.each([{}, { preview: 7 }, { preview: '' }])('started with %j says so', async (input) => {
    const handle = await time.lookAtFilter(time.newWorld(), input as { preview: string });
    const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
    expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'INPUT_INVALID' });
  });
});
