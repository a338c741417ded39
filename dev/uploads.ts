/** Tells a district's onboarding that its file is up, the moment our own SFTP server has it whole. */
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import type { TemporalTarget } from '../config/settings.js';
import { getDistrict } from '../store/config/districts.js';
import type { Db } from '../store/db.js';
import { SIGNALS } from '../workflows/contract.js';
import { onboardingId } from '../workflows/ids.js';

export interface UploadSignals {
  /** For the SFTP server's `onUploaded`. Only the district's own file name counts. */
  uploaded(upload: { readonly district: string; readonly name: string }): void;
  /** Lets the signals under way arrive. */
  stop(): Promise<void>;
}

/** A signal that is lost costs little: the workflow watches the folder too. */
export function uploadSignals(
  db: Db,
  temporal: TemporalTarget,
  say: (line: string) => void,
): UploadSignals {
  const connection = Connection.lazy(temporal.connectOptions);
  const client = new Client({ connection, namespace: temporal.namespace });
  const underWay = new Set<Promise<void>>();

  const tell = async (district: string, name: string): Promise<void> => {
    try {
      const { fileName } = await getDistrict(db, district);
      if (name !== fileName) return;
      const workflow = client.workflow.getHandle(onboardingId(district));
      await workflow.signal(SIGNALS.fileUploaded, { by: 'sftp' });
    } catch (error) {
      // Not onboarding now: it is live, or not invited yet.
      if (error instanceof WorkflowNotFoundError) return;
      say(
        `the upload of ${district} could not be told to its workflow, which will notice by itself`,
      );
    }
  };
  return {
    uploaded({ district, name }) {
      const told = tell(district, name).finally(() => underWay.delete(told));
      underWay.add(told);
    },
    async stop() {
      await Promise.allSettled(underWay);
      await connection.close();
    },
  };
}
