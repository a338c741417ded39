/** Addresses whose domain looks mistyped, or is used by one row alone. Notes: both may be right. */
import { mistypedMailHost } from './data/mail-hosts.js';
import type { Marks } from './marks.js';
import { distance } from './names.js';
import { PEOPLE_COLUMNS } from './people.js';
import type { PersonColumns } from './people.js';
import type { Said } from './said.js';

/** A file with fewer addresses has no habits to compare with. */
const FEWEST = 20;
/** Of all addresses: what the file's own domains have at least, and a mistyped one at most. */
const OWN_SHARE = 0.1;
const TYPO_SHARE = 0.01;
/** With more lone domains than this, families write their own addresses. */
const LONE_SHARE = 0.02;

/** An address by its column and its number there. */
interface Address {
  readonly columns: PersonColumns;
  readonly id: number;
}

export function markDomains(said: Said, marks: Marks): void {
  const counts = countDomains(said);
  const names = [...counts.keys()].sort();
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const own = all < FEWEST ? [] : names.filter((name) => counts.get(name)! >= all * OWN_SHARE);
  const mistyped = new Map<string, string>();
  const lone = new Set<string>();
  for (const name of names) {
    const count = counts.get(name)!;
    const seldom = count <= Math.max(1, all * TYPO_SHARE);
    const meant = mistypedMailHost(name) ?? (seldom ? nearest(name, own) : null);
    if (meant !== null) mistyped.set(name, meant);
    else if (count === 1 && own.length > 0) lone.add(name);
  }
  if (lone.size > Math.max(3, all * LONE_SHARE)) lone.clear();
  if (mistyped.size + lone.size === 0) return;

  const addresses = addressesAt(said, (name) => mistyped.has(name) || lone.has(name));
  for (const [name, meant] of mistyped) {
    const found = addresses.get(name)!;
    const [{ columns }] = found as [Address];
    const column = found.every((one) => one.columns === columns) ? columns.key : null;
    const value = `${name} (${meant}?)`;
    const mark = marks.add({ code: 'EMAIL_DOMAIN_TYPO', column, value, subject: name });
    for (const one of found) mark.on(one.columns.role, one.id);
  }
  for (const name of lone) {
    const [one] = addresses.get(name) as [Address];
    if (!standsOnOneRow(said, one)) continue;
    const { key, role } = one.columns;
    const draft = { code: 'EMAIL_DOMAIN_LONE', column: key, value: name, subject: name } as const;
    marks.add(draft).on(role, one.id);
  }
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);

/** Domain → how many different addresses of teachers and students it has. */
function countDomains(said: Said): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of PEOPLE_COLUMNS) {
    const table = said.table(key);
    for (let id = 0; id < table.size(); id++) {
      const domain = domainOf(table.value(id));
      counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
  }
  return counts;
}

function addressesAt(said: Said, wanted: (domain: string) => boolean): Map<string, Address[]> {
  const found = new Map<string, Address[]>();
  for (const columns of PEOPLE_COLUMNS) {
    const table = said.table(columns.key);
    for (let id = 0; id < table.size(); id++) {
      const domain = domainOf(table.value(id));
      if (!wanted(domain)) continue;
      found.set(domain, [...(found.get(domain) ?? []), { columns, id }]);
    }
  }
  return found;
}

/** The file's own domain that a seldom one is a slip of the finger away from. */
function nearest(name: string, own: readonly string[]): string | null {
  const most = name.length > 12 ? 2 : 1;
  return own.find((one) => one !== name && distance(name, one, most) <= most) ?? null;
}

function standsOnOneRow({ rows }: Said, { columns, id }: Address): boolean {
  const ids = rows[columns.role];
  let seen = 0;
  for (let row = 0; row < ids.length && seen < 2; row++) if (ids.get(row) === id) seen++;
  return seen === 1;
}
