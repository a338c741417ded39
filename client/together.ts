/**
 * Like `Promise.all`, but comes back only when every one has settled: a call to Temporal that is
 * left behind goes on trying, and would throw out of a timer once its connection is closed.
 */
export async function together<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
