/** One mail for one business key, however often it is asked for. */
import { randomUUID } from 'node:crypto';
import type { Db } from './db.js';
import { districtKey, first, run } from './sql.js';

/**
 * `send`: nobody has reported it sent. After a crash between sending and `markSent` the same
 * Message-ID is handed out again, so that the mail server can drop the second copy.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function claimMail(
  db: Db,
  mail: { district: string; key: string; template: string },
): Promise<{ state: 'send' | 'sent'; messageId: string }> {
  const key = await districtKey(db, mail.district);
  const claim = await first<{ message_id: string; sent_at: Date | null }>(
    db,
    // The update changes nothing; it makes the row that is already there come back.
    `insert into rollcall.mails as m (district_key, key, template, message_id) values (?, ?, ?, ?)
     on conflict (district_key, key) do update set message_id = m.message_id
     returning message_id, sent_at`,
    [key, mail.key, mail.template, `<${randomUUID()}@rollcall.invalid>`],
  );
  return { state: claim?.sent_at ? 'sent' : 'send', messageId: claim?.message_id ?? '' };
}

/** Notes that the mail server took it; the first time stands. */
export async function markSent(db: Db, mail: { district: string; key: string }): Promise<void> {
  const key = await districtKey(db, mail.district);
  await run(
    db,
    `update rollcall.mails set sent_at = coalesce(sent_at, now())
     where district_key = ? and key = ?`,
    [key, mail.key],
  );
}
