import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { districtBlock } from '../district-block.js';

export const districtShow: CommandSpec = {
  name: 'show',
  summary: 'show a district’s settings',
  args: [DISTRICT],
  examples: ['district show maple-valley'],
  async run(run) {
    const { rollcall } = await run.open();
    const district = await rollcall.showDistrict(argument(run));
    run.io.answer(district);
    run.io.say(districtBlock(run.io, district));
  },
};
