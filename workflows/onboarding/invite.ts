import { ApplicationFailure } from '@temporalio/workflow';
import { act } from '../shared/act.js';
import { failureCode } from '../shared/failure-code.js';
import { enter } from './enter.js';
import { mailKey, type Onboarding } from './state.js';
import { surely } from './surely.js';

/** Makes the district's access, and tells it how to upload. */
export async function invite(onboarding: Onboarding): Promise<void> {
  await makeAccess(onboarding);
  onboarding.post.send({ template: 'invitation', key: mailKey(onboarding, 'invitation') });
  enter(onboarding, 'awaiting-upload');
}

/** Nobody waits for a district that is not there: that is the one failure of an onboarding. */
async function makeAccess(onboarding: Onboarding): Promise<void> {
  const { district } = onboarding.state;
  try {
    await surely(
      onboarding,
      'makeSftpAccess',
      () => act('makeSftpAccess', { district }, 'make the SFTP folder and account'),
      { answers: ['DISTRICT_UNKNOWN'] },
    );
  } catch (error) {
    if (failureCode(error) !== 'DISTRICT_UNKNOWN') throw error;
    throw ApplicationFailure.nonRetryable('there is no such district', 'DISTRICT_UNKNOWN');
  }
}
