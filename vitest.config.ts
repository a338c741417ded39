import { defineConfig } from 'vitest/config';

// Set here, before any worker is forked: schedules and files must not depend on the machine's zone.
process.env['TZ'] = 'UTC';
// Nor must tests ever reach the real parts that a developer's shell happens to name.
const NAMES_REAL_PARTS =
  /^(DATABASE_URL|SMTP_URL|MAIL_FROM|LOG_LEVEL|ROLLCALL_(HOME|ARCHIVE|CONFIG|DIST|ACTIVITIES|DB_POOL|THREADS|THREAD_MB)|PORTAL_|SFTP_|TEMPORAL_|PG[A-Z])/;
for (const name of Object.keys(process.env))
  if (NAMES_REAL_PARTS.test(name)) delete process.env[name];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', '.rollcall/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Longer than any wait in test/support/wait.ts, whose message says what was waited for.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    allowOnly: process.env['CI'] !== 'true',
    passWithNoTests: false,
    env: { TZ: 'UTC', NO_COLOR: '1' },
  },
});
