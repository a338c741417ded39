/** Something is wrong with the settings. The message lists every problem, one line each. */
export class ConfigError extends Error {
  /** One sentence each, saying what to do; never a value, which could be a password. */
  readonly problems: readonly string[];
  /** True if nothing was set wrongly: the parts are just not running. */
  readonly notRunning: boolean;

  constructor(title: string, problems: readonly string[], notRunning = false) {
    super(problems.length === 1 ? `${title}: ${problems[0]}` : [title, ...problems].join('\n  - '));
    this.name = 'ConfigError';
    this.problems = problems;
    this.notRunning = notRunning;
  }
}
