/** Links into the portal: 32 random bytes, of which only the SHA-256 is kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../db.js';
import { districtKey, first, iso, run } from '../sql.js';
import type { OpenedLink } from '../types.js';

const DAY = 86_400_000;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * @param ttlMs how long it opens; default 30 days
 * @returns the token, shown once, 43 signs of base64url
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function mintLink(db: Db, district: string, ttlMs = 30 * DAY): Promise<string> {
  const key = await districtKey(db, district);
  const token = randomBytes(32).toString('base64url');
  await run(
    db,
    `insert into rollcall.links (token_hash, district_key, expires_at)
     values (?, ?, now() + make_interval(secs => ?::float8 / 1000))`,
    [digest(token), key, ttlMs],
  );
  return token;
}

/** Changes nothing: mail scanners open links, too. */
export async function openLink(db: Db, token: string): Promise<OpenedLink> {
  if (!TOKEN.test(token)) return { state: 'unknown' };
  const link = await first<{ id: string; expires_at: Date; open: boolean }>(
    db,
    `select d.id, l.expires_at, l.revoked_at is null and l.expires_at > now() as open
     from rollcall.links l join rollcall.districts d on d.key = l.district_key
     where l.token_hash = ?`,
    [digest(token)],
  );
  if (!link) return { state: 'unknown' };
  if (!link.open) return { state: 'expired' };
  return { state: 'open', district: link.id, expiresAt: iso(link.expires_at) };
}

/** Shuts all links of a district. @returns how many were open @throws StoreError DISTRICT_UNKNOWN */
export async function revokeLinks(db: Db, district: string): Promise<number> {
  const key = await districtKey(db, district);
  return run(
    db,
    `update rollcall.links set revoked_at = now()
     where district_key = ? and revoked_at is null and expires_at > now()`,
    [key],
  );
}
