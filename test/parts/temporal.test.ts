import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { isAlive } from '../../dev/processes.js';
import { type RunningTemporal, startTemporal } from '../../dev/temporal.js';
import { until, within } from '../support/wait.js';
import { guardsOf, hold, scratch } from './processes.js';

type Options = Omit<Parameters<typeof startTemporal>[0], 'binary'>;

async function start(options: Options): Promise<RunningTemporal> {
  const server = await startTemporal({ binary: inject('temporalBinary'), ...options });
  onTestFinished(server.stop);
  return server;
}

async function client(address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}

/** A workflow that waits for a worker for ever is state enough. */
async function startWorkflow(address: string): Promise<void> {
  const { workflow } = await client(address);
  await workflow.start('any', { taskQueue: 'nobody', workflowId: 'kept' });
}

async function stateOf(address: string): Promise<string> {
  const { workflow } = await client(address);
  return (await workflow.getHandle('kept').describe()).status.name;
}

describe('the embedded Temporal', () => {
  it('stops without leaving a process, and carries on with its workflows', async () => {
    const dbFile = path.join(await scratch(), 'temporal.db');
    const first = await start({ dbFile, uiPort: 0 });
    const page = await fetch(first.ui ?? '');
    expect(page.status).toBe(200);
    expect(new URL(page.url).hostname).toBe('127.0.0.1');
    await startWorkflow(first.address);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    await until('the watcher of the server to end', () => guardsOf(first.pid).length === 0);

    const second = await start({ dbFile });
    expect(second.ui).toBeNull();
    expect(await stateOf(second.address)).toBe('RUNNING');
  });

  it('keeps closed histories for more than a year', async () => {
    const connection = await Connection.connect({ address: inject('temporalAddress') });
    onTestFinished(() => connection.close());
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
    expect(days).toBeGreaterThan(365);
  });

  it('recovers after a kill -9, on a free port where the wanted one is taken', async () => {
    const dbFile = path.join(await scratch(), 'temporal.db');
    const first = await start({ dbFile });
    await startWorkflow(first.address);
    process.kill(first.pid, 'SIGKILL');
    await within('the starter to notice', first.gone, 10_000);

    const port = Number(first.address.split(':')[1]);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const second = await start({ dbFile, port });
    expect(second.address).not.toBe(first.address);
    expect(await stateOf(second.address)).toBe('RUNNING');
  });

  it('is stopped by the next start when its starter and its watcher were killed', async () => {
    const dbFile = path.join(await scratch(), 'temporal.db');
    const { child, pid } = await hold('temporal', dbFile, inject('temporalBinary'));
    for (const watcher of guardsOf(pid)) process.kill(watcher, 'SIGKILL');
    child.kill('SIGKILL');
    await until('the starter to be gone', () => !isAlive(child.pid ?? 0));
    expect(isAlive(pid)).toBe(true);
    const next = await start({ dbFile });
    expect(isAlive(pid)).toBe(false);
    expect(isAlive(next.pid)).toBe(true);
  });

  it('says in one line why it does not come up', async () => {
    const folder = await scratch();
    const dbFile = path.join(folder, 'a folder');
    await mkdir(dbFile);
    await expect(start({ dbFile })).rejects.toThrow(/^Temporal did not start: .*\(log: .*\)$/);
    const binary = path.join(folder, 'no-such-program');
    const missing = startTemporal({ binary, dbFile: path.join(folder, 'temporal.db') });
    await expect(missing).rejects.toThrow(/^Temporal did not start: spawn .* ENOENT/);
  });
});
