/** Connections to the run's Temporal development server. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';

export interface TestTemporal {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  readonly connection: Connection;
  /** For workers. */
  readonly nativeConnection: NativeConnection;
  /** A task queue that nobody else uses: test files share one server. */
  readonly taskQueue: string;
  /** For `Worker.create({ workflowBundle })`. */
  readonly workflowBundle: { readonly codePath: string };
  close(): Promise<void>;
}

/** Connects; call `close` when done, after the last worker has stopped. */
export async function testTemporal(): Promise<TestTemporal> {
  const address = inject('temporalAddress');
  const namespace = 'default';
  const connection = await Connection.connect({ address });
  const nativeConnection = await NativeConnection.connect({ address });
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    connection,
    nativeConnection,
    taskQueue: `test-${randomBytes(6).toString('hex')}`,
    workflowBundle: { codePath: inject('workflowBundle') },
    close: async () => {
      await nativeConnection.close();
      await connection.close();
    },
  };
}
