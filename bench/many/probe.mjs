/**
 * Loaded with `--import` into a worker that is measured: answers `reset` and `report` of its
 * parent with the delay of its event loop and its memory, and does nothing else.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Threads of the process load it, too.
if (isMainThread && process.send) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 100);
  look.unref();
  const ms = (ns) => Math.round(ns / 1e4) / 100;
  process.on('message', (ask) => {
    if (ask === 'report') {
      process.send({
        delay: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
        rssMb: Math.round(most / 2 ** 20),
      });
    }
    delay.reset();
    most = 0;
  });
  process.channel?.unref();
}
