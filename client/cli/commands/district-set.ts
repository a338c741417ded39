import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { FREE, NEEDED, readChange } from '../district-options.js';
import { districtBlock } from '../district-block.js';
import { usage } from '../../errors.js';

export const districtSet: CommandSpec = {
  name: 'set',
  summary: 'change a district',
  about:
    'What is not named stays. Durations count from the next stage on; a new hour or zone moves the nightly schedule at once. Which classes of its file are taken is set by `filter`, which shows first what would come of it.',
  args: [DISTRICT],
  options: [...NEEDED, ...FREE],
  examples: [
    'district set maple-valley --seats 1500 --seat-buffer 25,5%',
    'district set maple-valley --limit students-removed=5% --limit school:students-removed=30',
    'district set maple-valley --limit rows-down=off --limit window=14d --limit id-churn=default',
  ],
  async run(run) {
    const { io } = run;
    const change = readChange(run.options);
    if (Object.keys(change).length === 0) {
      throw usage(
        'NOTHING_TO_SET',
        'Say what to change, for example --seats 1500; --help lists it all.',
      );
    }
    const { rollcall } = await run.open();
    const { district, warnings } = await rollcall.setDistrict(argument(run), change);
    io.answer({ ...district, warnings });
    for (const warning of warnings) io.remark(`warning: ${warning}`);
    io.say(districtBlock(io, district));
  },
};
