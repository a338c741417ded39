import { argument, BY, byOf, DISTRICT, type CommandSpec, type Run } from '../command.js';
import { clean, many } from '../text.js';
import { ONE_OF } from '../question-words.js';

const ABOUT =
  'For a plan that asks (`plan` shows the pairs), or that has taken two for one or one for two. OLD is the email or id that the roster has, NEW the one that the file brings. It is kept for the district, with who said so; a later answer about the same pair takes its place. A plan that waits was made without it and is not applied any more: `sync` makes it again from the same file.';

const spec = (same: boolean): Omit<CommandSpec, 'name' | 'summary' | 'examples'> => ({
  about: ABOUT,
  args: [
    DISTRICT,
    ['<old>', 'the email, class id or school id that the roster has'],
    ['<new>', 'the one that the file has'],
  ],
  options: [
    { flags: '--kind <kind>', about: 'student, teacher, class or school, where two would fit' },
    BY,
  ],
  run: (run) => answer(run, same),
});

export const same: CommandSpec = {
  name: 'same',
  summary: 'say that an old and a new key are one person, class or school',
  ...spec(true),
  examples: [
    'same maple-valley ana@maple.example ana.ruiz@maple.example',
    'same maple-valley BIO-1 BIO-2026-1',
    'same maple-valley 12 0012 --kind school',
  ],
};
export const different: CommandSpec = {
  name: 'different',
  summary: 'say that they are two: one leaves, another comes',
  ...spec(false),
  examples: ['different maple-valley ana@maple.example ana.ruiz@maple.example'],
};

async function answer(run: Run, isSame: boolean): Promise<void> {
  const { io } = run;
  const id = argument(run);
  const { rollcall } = await run.open();
  const kept = await rollcall.answer(id, {
    ...byOf(run),
    ...{ old: argument(run, 1), new: argument(run, 2), same: isSame },
    kind: run.options.text('kind'),
  });
  io.answer({ district: id, ...kept });
  const one = ONE_OF[kept.kind];
  const what = isSame ? `are the same ${one}` : `are two: one ${one} goes and another comes`;
  const known = kept.changed ? '' : ' That was known already.';
  io.say(`${clean(kept.old)} and ${clean(kept.new)} ${what}.${known}`);
  if (kept.open > 0)
    io.say(`${many(kept.open, 'pair')} more to tell apart: npx rollcall plan ${id} ${kept.run}`);
  if (kept.waits)
    io.say(
      `The plan of run ${kept.run} was made without it: npx rollcall sync ${id} makes it again.`,
    );
  else if (kept.changed) io.say(`It counts when the file is read next: npx rollcall sync ${id}`);
}
