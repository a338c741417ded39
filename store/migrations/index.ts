/**
 * The migrations, in their order. A static list: names have no file ending, so that a database
 * migrated from TypeScript sources is the same to the compiled program.
 */
import type { Knex } from 'knex';
import { access } from './002-access.js';
import { districts } from './001-districts.js';
import { files } from './019-files.js';
import { filter } from './021-filter.js';
import { findingCounts } from './011-finding-counts.js';
import { links } from './022-links.js';
import { keyBlocks } from './023-key-blocks.js';
import { ownTables } from './025-own-tables.js';
import { planLimits } from './015-plan-limits.js';
import { reading } from './009-reading.js';
import { planPairs } from './010-plan-pairs.js';
import { planScopes } from './018-plan-scopes.js';
import { purge } from './020-purge.js';
import { deltas } from './016-deltas.js';
import { repairs } from './008-repairs.js';
import { reports } from './007-reports.js';
import { roster } from './003-roster.js';
import { runs } from './004-runs.js';
import { undo } from './012-undo.js';
import { views } from './005-views.js';

export interface Migration {
  readonly name: string;
  readonly up: (db: Knex) => Promise<void>;
}

const ALL: readonly Migration[] = [
  districts,
  access,
  roster,
  runs,
  views,
  reports,
  repairs,
  reading,
  planPairs,
  findingCounts,
  undo,
  planLimits,
  deltas,
  planScopes,
  files,
  purge,
  filter,
  links,
  keyBlocks,
  ownTables,
];

/** History is never taken back by a program: a mistake is mended by the next migration. */
const down = (): Promise<never> => Promise.reject(new Error('migrations only go forward'));

export const migrations: Knex.MigrationSource<Migration> = {
  getMigrations: () => Promise.resolve([...ALL]),
  getMigrationName: (migration) => migration.name,
  getMigration: (migration) => Promise.resolve({ up: migration.up, down }),
};
