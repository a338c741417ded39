import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { clean, many } from '../text.js';

export const why: CommandSpec = {
  name: 'why',
  summary: 'tell why a person or class is as it is',
  about:
    'Each applied run that touched it: what was changed, from which file and line, who approved it, whether it was undone. The line is the first that names the person or class itself. Names and addresses are shown: for your own eyes.',
  args: [DISTRICT, ['<who>', 'an email address, or a class id']],
  examples: ['why maple-valley ana.ruiz@maple.example', 'why maple-valley BIO-1'],
  async run(run) {
    const { io } = run;
    const id = argument(run);
    const who = argument(run, 1);
    const { rollcall } = await run.open();
    const found = await rollcall.why(id, who);
    io.answer({ district: id, who, found });
    if (found.length === 0) {
      const { purgeAfterDays } = await rollcall.showDistrict(id);
      io.say(
        `The roster of ${id} has no person or class “${clean(who)}”, and never had, unless it was away for more than ${many(purgeAfterDays, 'day')} and was purged.`,
      );
      return 1;
    }
    const { whyLines } = await import('../why-words.js');
    for (const one of found) io.say(whyLines(io, one));
    return 0;
  },
};
