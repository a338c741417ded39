/**
 * Addresses whose domain looks mistyped, or is used by one row alone. Notes: both may be right.
 * Teachers are compared with teachers and students with students: t.district and s.district are
 * much alike, and both are right.
 */
import { mistypedMailHost } from './data/mail-hosts.js';
import type { Marks } from './marks.js';
import { distance } from './names.js';
import { PEOPLE_COLUMNS } from './people.js';
import type { PersonColumns } from './people.js';
import type { Said } from './said.js';

/** With fewer addresses a file has no habits to compare with. */
const FEWEST = 10;
/** Of all addresses: what the file's own domains have at least, and a mistyped one at most. */
const OWN_SHARE = 0.1;
const TYPO_SHARE = 0.01;
/** With more lone domains than this, families write their own addresses. */
const LONE_SHARE = 0.02;
const LONE_FEW = 3;

export function markDomains(said: Said, marks: Marks): void {
  for (const columns of PEOPLE_COLUMNS) markDomainsOf(said, marks, columns);
}

function markDomainsOf(said: Said, marks: Marks, columns: PersonColumns): void {
  const { key: column, role } = columns;
  const counts = countDomains(said, columns);
  const all = said.table(column).size();
  const names = [...counts.keys()].sort();
  const own = all < FEWEST ? [] : names.filter((name) => counts.get(name)! >= all * OWN_SHARE);
  const mistyped = new Map<string, string>();
  const lone = new Set<string>();
  for (const name of names) {
    const count = counts.get(name)!;
    const isSeldom = count <= Math.max(1, all * TYPO_SHARE);
    const meant = mistypedMailHost(name) ?? (isSeldom ? nearest(name, own) : null);
    if (meant !== null) mistyped.set(name, meant);
    else if (count === 1 && own.length > 0) lone.add(name);
  }
  if (lone.size > Math.max(LONE_FEW, all * LONE_SHARE)) lone.clear();
  if (mistyped.size + lone.size === 0) return;

  const addresses = addressesAt(said, columns, (name) => mistyped.has(name) || lone.has(name));
  for (const [name, meant] of mistyped) {
    const value = `${name} (${meant}?)`;
    const mark = marks.add({ code: 'EMAIL_DOMAIN_TYPO', column, value, subject: name });
    for (const id of addresses.get(name)!) mark.on(role, id);
  }
  for (const name of lone) {
    const [id] = addresses.get(name) as [number];
    if (!standsOnOneRow(said, columns, id)) continue;
    marks.add({ code: 'EMAIL_DOMAIN_LONE', column, value: name, subject: name }).on(role, id);
  }
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);

/** Domain → how many different addresses it has. */
function countDomains(said: Said, { key }: PersonColumns): Map<string, number> {
  const counts = new Map<string, number>();
  const table = said.table(key);
  // Nearly all have the same one, which is quicker to see than to look up.
  let [last, count] = ['', 0];
  for (let id = 0; id < table.size(); id++) {
    const address = table.value(id);
    const at = address.indexOf('@') + 1;
    if (address.length - at !== last.length || !address.endsWith(last)) {
      counts.set(last, (counts.get(last) ?? 0) + count);
      [last, count] = [address.slice(at), 0];
    }
    count++;
  }
  counts.set(last, (counts.get(last) ?? 0) + count);
  if (counts.get('') === 0) counts.delete('');
  return counts;
}

function addressesAt(
  said: Said,
  { key }: PersonColumns,
  isWanted: (domain: string) => boolean,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const table = said.table(key);
  for (let id = 0; id < table.size(); id++) {
    const domain = domainOf(table.value(id));
    if (!isWanted(domain)) continue;
    const ids = found.get(domain);
    if (ids === undefined) found.set(domain, [id]);
    else ids.push(id);
  }
  return found;
}

/** The file's own domain that a seldom one is a slip of the finger away from. */
function nearest(name: string, own: readonly string[]): string | null {
  const most = name.length > 12 ? 2 : 1;
  return own.find((one) => one !== name && distance(name, one, most) <= most) ?? null;
}

function standsOnOneRow({ rows }: Said, { role }: PersonColumns, id: number): boolean {
  const ids = rows[role];
  let seen = 0;
  for (let row = 0; row < ids.length && seen < 2; row++) if (ids.get(row) === id) seen++;
  return seen === 1;
}
