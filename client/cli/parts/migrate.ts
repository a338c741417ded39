import type { CommandSpec } from '../command.js';
import { many } from '../text.js';

export const migrate: CommandSpec = {
  name: 'migrate',
  summary: 'bring the database and Temporal’s search attributes up to date',
  about:
    'Safe to repeat, and from several places at once. On Temporal Cloud make the search attributes there.',
  options: [{ flags: '--database-only', about: 'leave Temporal alone' }],
  examples: ['migrate', 'migrate --database-only'],
  async run({ io, env, cwd, options }) {
    const { readSettings, temporalConnection } = await import('../../../config/settings.js');
    const settings = readSettings(env, cwd);
    const applied = await migrateDatabase(settings.databaseUrl);
    io.say(
      `Database: ${applied.length === 0 ? 'up to date' : many(applied.length, 'migration') + ' applied'}.`,
    );
    if (options.flag('databaseOnly')) return io.answer({ applied, searchAttributes: null });

    const { openTemporal } = await import('../../connect.js');
    const { ensureSearchAttributes } = await import('../../../worker/search-attributes.js');
    const { Connection } = await import('@temporalio/client');
    const { namespace, connectOptions } = await temporalConnection(env, settings);
    await (await openTemporal(env, settings)).connection.close();
    const connection = await Connection.connect(connectOptions);
    try {
      const searchAttributes = await ensureSearchAttributes(connection, namespace);
      io.answer({ applied, searchAttributes });
      io.say(
        `Temporal: ${searchAttributes.length === 0 ? 'all search attributes are there' : `${searchAttributes.join(', ')} made`}.`,
      );
    } finally {
      await connection.close();
    }
  },
};

async function migrateDatabase(url: string): Promise<readonly string[]> {
  const { connect } = await import('../../../store/db.js');
  const { migrate: run } = await import('../../../store/migrate.js');
  const db = connect(url, { poolMax: 2, name: 'rollcall migrate' });
  try {
    return (await run(db)).applied;
  } catch (error) {
    const { readableStoreError } = await import('../../context.js');
    throw readableStoreError(error);
  } finally {
    await db.destroy();
  }
}
