import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { many, moment } from '../text.js';

export const link: CommandSpec = {
  name: 'link',
  summary: 'make a new link to the district’s page, or end all of them',
  about:
    'For support to hand over when a mail is lost. The link is shown once and kept only as a hash; whoever has it sees the page. With --revoke no link of the district opens any more, nor what was opened with one.',
  args: [DISTRICT],
  options: [{ flags: '--revoke', about: 'end all links of the district; make none' }],
  examples: ['link maple-valley', 'link maple-valley --revoke'],
  async run(run) {
    const { rollcall } = await run.open();
    const id = argument(run);
    if (run.options.flag('revoke')) {
      const ended = await rollcall.revokeLinks(id);
      run.io.answer(ended);
      return run.io.say(
        `${many(ended.revoked, 'link')} of ${id} ended. A new one: npx rollcall link ${id}`,
      );
    }
    const made = await rollcall.newLink(id);
    run.io.answer(made);
    run.io.say(
      `${made.url}\n\nShown this once; it opens until ${moment(made.expiresAt)}. Hand it on by a safe way.`,
    );
  },
};
