const EVERY_MS = 15_000;

/** Says every quarter of a minute that a long step is still at it; `doing` as in `building Temporal`. */
export async function ticking<T>(
  doing: string,
  say: (line: string) => void,
  step: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => {
    say(`  ${doing}: ${Math.round((Date.now() - started) / 1000)} s`);
  }, EVERY_MS);
  try {
    return await step();
  } finally {
    clearInterval(timer);
  }
}
