/** SFTP accounts on the vendor's own server: the user name is the district's id. */
import { randomInt } from 'node:crypto';
import type { Db } from '../db.js';
import { districtKey, first, rows, run, storable } from '../sql.js';
import { parsePublicKey } from './public-keys.js';
import { hashPassword, verifyPassword } from './scrypt.js';

/** Without letters and digits that look alike: 31 signs, so 26 of them carry 128.8 bits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 26;

const randomPassword = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

/** Makes the account if it is missing. @throws StoreError DISTRICT_UNKNOWN */
export async function ensureAccount(db: Db, district: string): Promise<{ username: string }> {
  const key = await districtKey(db, district);
  await run(
    db,
    'insert into rollcall.accounts (district_key) values (?) on conflict (district_key) do nothing',
    [key],
  );
  return { username: district };
}

/**
 * A new password in place of the old one; it is returned once and kept only as a hash.
 * @throws StoreError DISTRICT_UNKNOWN
 */
export async function newPassword(db: Db, district: string): Promise<string> {
  const key = await districtKey(db, district);
  const password = randomPassword();
  await run(
    db,
    `insert into rollcall.accounts (district_key, password_hash, password_set_at)
     values (?, ?, now())
     on conflict (district_key) do update
     set password_hash = excluded.password_hash, password_set_at = excluded.password_set_at`,
    [key, await hashPassword(password)],
  );
  return password;
}

/**
 * Accepts a public key (one line of a .pub file) beside those that are there.
 * @throws StoreError KEY_INVALID, DISTRICT_UNKNOWN
 */
export async function addKey(
  db: Db,
  district: string,
  openSshPublicKey: string,
): Promise<{ fingerprint: string }> {
  const { key, fingerprint } = parsePublicKey(openSshPublicKey);
  await ensureAccount(db, district);
  await run(
    db,
    `insert into rollcall.account_keys (district_key, fingerprint, public_key)
     select key, ?, ? from rollcall.districts where id = ?
     on conflict (district_key, fingerprint) do nothing`,
    [fingerprint, key, district],
  );
  return { fingerprint };
}

/** @returns the district's id, or null; an unknown name costs as much time as a wrong password */
export async function checkPassword(
  db: Db,
  username: string,
  password: string,
): Promise<string | null> {
  const account = await first<{ id: string; password_hash: string | null }>(
    db,
    `select d.id, a.password_hash from rollcall.accounts a
     join rollcall.districts d on d.key = a.district_key where d.id = ?`,
    [storable(username)],
  );
  const known = account !== null && account.id === username;
  const right = await verifyPassword(password, known ? account.password_hash : null);
  return known && right ? account.id : null;
}

/** The accepted keys in OpenSSH form, `type base64`; none for an unknown name. */
export async function authorizedKeys(db: Db, username: string): Promise<string[]> {
  const found = await rows<{ public_key: string }>(
    db,
    `select k.public_key from rollcall.account_keys k
     join rollcall.districts d on d.key = k.district_key
     where d.id = ? order by k.added_at, k.fingerprint`,
    [storable(username)],
  );
  return found.map((row) => row.public_key);
}
