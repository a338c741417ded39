/** A vitest reporter that writes how many tests passed, failed and were skipped to a file. */
import { writeFileSync } from 'node:fs';

export default class Counts {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      const before = counts.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // 'pending' is a test that never came to its end.
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
      // A file that does not load, or whose hooks fail, has no failed test to show for it.
      if (counts.failed === before && module.state() === 'failed') counts.failed += 1;
    }
    writeFileSync(process.env.ROLLCALL_COUNTS, JSON.stringify(counts));
  }
}
