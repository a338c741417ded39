/**
 * Classes, students and enrollments of a big district lie in tables of their own (migration 025).
 * Its first load fills them as they are new and indexes them then, which takes a third of what it
 * takes to add the same rows to a table with its indexes; to all others they are a part of the whole
 * once they are attached, in the same transaction.
 */
import type { Db } from '../db.js';
import { first, rows, run as execute } from '../sql.js';
import type { ChangeTotals, Kind } from '../types.js';

const OWN = ['classes', 'students', 'enrollments'] as const;
type Own = (typeof OWN)[number];
export const isOwn = (kind: Kind): kind is Own => (OWN as readonly Kind[]).includes(kind);

/** From so many enrollments on; `alter database … set rollcall.own_from = 1000000` sets another. */
const OWN_FROM = 200_000;
/**
 * So many districts at most: whoever asks has Postgres think of all of them. It is the first load
 * of the next big one that takes longer then, and nothing else.
 */
const OWN_MOST = 20;

/** Where the district's rows are: 0 is the table of all others. */
export async function shardOf(db: Db, districtKey: number): Promise<number> {
  const found = await first<{ shard: number }>(
    db,
    'select shard from rollcall.districts where key = ?',
    [districtKey],
  );
  return found?.shard ?? 0;
}

/** Safe in SQL: the shard is an integer. */
export const tableOf = (kind: Own, shard: number): string =>
  `rollcall.${kind}_${shard === 0 ? 'shared' : BigInt(shard)}`;

/** If it has none so far, nor anything in the shared ones. */
export async function wantsOwnTables(
  trx: Db,
  districtKey: number,
  changes: ChangeTotals,
): Promise<boolean> {
  const { enrollments } = changes;
  if (OWN.some((kind) => changes[kind].added === 0)) return false;
  const found = await first<{ wants: boolean }>(
    trx,
    `select ?::int >= coalesce(nullif(current_setting('rollcall.own_from', true), '')::int,
                               ${OWN_FROM})
        and (select count(*) from rollcall.districts where shard <> 0) < ${OWN_MOST}
        ${OWN.map((kind) => `and not exists (select from rollcall.${kind} where district_key = d.key)`).join(' ')}
            as wants
     from (select ?::int as key) d`,
    [enrollments.added, districtKey],
  );
  return found?.wants ?? false;
}

interface Source {
  /** What the plan says of a column; the others get their default. */
  readonly values: Readonly<Record<string, string>>;
  /** Of the plan's changes `c` of that district and run. */
  readonly from: string;
}
const SOURCES: Readonly<Record<Own, Source>> = {
  classes: {
    values: {
      key: 'c.entity',
      class_id: 'c.key',
      school_key: 's.key',
      name: `c.new->>'name'`,
    },
    from: `rollcall.plan_changes c
           join rollcall.schools s on s.district_key = c.district_key
                                  and s.school_id = c.new->>'school_id'
           where c.district_key = ? and c.run = ? and c.kind = 'classes' and c.action = 'added'`,
  },
  students: {
    values: {
      key: 'c.entity',
      email: 'c.key',
      first_name: `c.new->>'first_name'`,
      last_name: `c.new->>'last_name'`,
      grade_level: `c.new->>'grade_level'`,
    },
    from: `rollcall.plan_changes c
           where c.district_key = ? and c.run = ? and c.kind = 'students' and c.action = 'added'`,
  },
  enrollments: {
    values: { class_key: 'c.class_key', student_key: 'unnest(c.people)' },
    from: `rollcall.plan_pairs c
           where c.district_key = ? and c.run = ? and c.kind = 'enrollments' and c.action = 'added'`,
  },
};
/** Within one district keys and addresses are enough. */
const INDEXES: Readonly<Record<Own, readonly (readonly [unique: '' | 'unique', on: string])[]>> = {
  classes: [
    ['unique', '(key)'],
    ['unique', '(id)'],
    ['unique', '(class_id)'],
    ['', '(school_key)'],
  ],
  students: [
    ['unique', '(key)'],
    ['unique', '(id)'],
    ['unique', '(email)'],
  ],
  enrollments: [
    ['unique', '(class_key, student_key)'],
    ['', '(student_key)'],
  ],
};

/** What the plan adds, in a table of the district's own. @returns how many rows it has */
export async function fillOwnTable(
  trx: Db,
  kind: Own,
  districtKey: number,
  run: number,
): Promise<number> {
  const table = tableOf(kind, districtKey);
  const columns = await columnsOf(trx, kind);
  const { values, from } = SOURCES[kind];
  const own = BigInt(districtKey);
  const known = { ...values, district_key: `${own}::int`, shard: `${own}::int` } as typeof values;
  const list = columns.map(
    ({ name, type, otherwise }) => `${known[name] ?? otherwise ?? `null::${type}`} as ${name}`,
  );
  const filled = await execute(
    trx,
    `create table ${table} as select ${list.join(', ')} from ${from}`,
    [districtKey, run],
  );
  const changes = [
    // A tenth of what is usual: one district's rows are much alike.
    ...columns.map(({ name }) => `alter ${name} set statistics 20`),
    ...columns.filter(({ needed }) => needed).map(({ name }) => `alter ${name} set not null`),
    ...columns
      .filter(({ otherwise }) => otherwise !== null)
      .map(({ name, otherwise }) => `alter ${name} set default ${otherwise}`),
    ...(await checksOf(trx, kind)).map(({ name, says }) => `add constraint ${name} ${says}`),
    `add constraint ${kind}_${own}_own check (district_key = ${own} and shard = ${own})`,
  ];
  await execute(trx, `alter table ${table} ${changes.join(', ')}`);
  await execute(trx, `set local maintenance_work_mem = '256MB'`);
  for (const [unique, on] of [...INDEXES[kind], ...(await partialIndexes(trx, kind))]) {
    await execute(trx, `create ${unique} index on ${table} ${on}`);
  }
  return filled;
}

/** For all who ask by district, the rows are a part of the whole now. */
export async function attachOwnTables(trx: Db, districtKey: number): Promise<void> {
  for (const kind of OWN) {
    await execute(
      trx,
      `alter table rollcall.${kind} attach partition ${tableOf(kind, districtKey)}
       for values in (${BigInt(districtKey)})`,
    );
  }
}

/** The last thing of all: until the end nobody can change the district's settings. */
export async function moveToOwnTables(trx: Db, districtKey: number): Promise<void> {
  await execute(trx, 'update rollcall.districts set shard = key where key = ?', [districtKey]);
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly needed: boolean;
  /** Its default. */
  readonly otherwise: string | null;
}

const columnsOf = (trx: Db, kind: Own): Promise<Column[]> =>
  rows<Column>(
    trx,
    `select quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type,
            a.attnotnull as needed, pg_get_expr(d.adbin, d.adrelid) as otherwise
     from pg_attribute a
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = ?::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`rollcall.${kind}`],
  );

const checksOf = (trx: Db, kind: Own): Promise<{ name: string; says: string }[]> =>
  rows(
    trx,
    `select quote_ident(conname) as name, pg_get_constraintdef(oid) as says from pg_constraint
     where conrelid = ?::regclass and contype = 'c' order by conname`,
    [`rollcall.${kind}`],
  );

/** Those of the shared table: here there is nothing in them yet. */
async function partialIndexes(trx: Db, kind: Own): Promise<(readonly ['', string])[]> {
  const found = await rows<{ on: string }>(
    trx,
    `select substring(pg_get_indexdef(indexrelid) from ' (USING .*)$') as on from pg_index
     where indrelid = ?::regclass and indpred is not null and not indisunique
     order by indexrelid`,
    [tableOf(kind, 0)],
  );
  return found.map(({ on }) => ['', on] as const);
}
