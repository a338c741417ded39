/** Not a test: starts a part, says where it is, and holds it until it is killed. */
const [part, where, binary] = process.argv.slice(2);
if (part === undefined || where === undefined) throw new Error('hold: which part, and where?');

// Loaded one by one: Temporal's client alone takes a second.
async function start(folder: string): Promise<{ pid: number }> {
  if (part === 'postgres') {
    const { startPostgres } = await import('../../dev/postgres.js');
    return startPostgres({ dataDir: folder, durable: false });
  }
  const { startTemporal } = await import('../../dev/temporal.js');
  return startTemporal({ binary: binary ?? '', dbFile: folder });
}

process.send?.({ pid: (await start(where)).pid });
setInterval(() => {}, 60_000);
