import { CancellationScope, log } from '@temporalio/workflow';
import type { MailRequest } from '../contract.js';
import { act } from './act.js';

/** What the mails of one workflow are sent through. */
export interface Post {
  /** Sends in the background: a mail server that is down holds up nothing. */
  send(mail: Omit<MailRequest, 'district'>): void;
  /** True when no mail is on its way. */
  idle(): boolean;
  /** Keys of mails that were refused, or failed in all their tries, newest last, at most 20. */
  unsent(): readonly string[];
}

const MOST_UNSENT = 20;

/**
 * What is sent outlives the stage, or the watch, in which it was sent.
 * @param unsent what an earlier run of the same workflow could not send
 */
export function openPost(district: string, unsent: readonly string[] = []): Post {
  let failed = [...unsent];
  let underWay = 0;
  const isSent = async (mail: Omit<MailRequest, 'district'>): Promise<boolean> => {
    try {
      const { sent } = await CancellationScope.nonCancellable(() =>
        act('sendMail', { district, ...mail }, `mail: ${mail.template}`),
      );
      return sent;
    } catch {
      // Given up after a day: noted, and nothing stops.
      return false;
    }
  };
  const sendOne = async (mail: Omit<MailRequest, 'district'>): Promise<void> => {
    if (!(await isSent(mail))) {
      failed = [...failed, mail.key].slice(-MOST_UNSENT);
      log.warn('a mail could not be sent', { district, template: mail.template, key: mail.key });
    }
    underWay -= 1;
  };
  return {
    send(mail) {
      underWay += 1;
      void sendOne(mail);
    },
    idle: () => underWay === 0,
    unsent: () => failed,
  };
}
