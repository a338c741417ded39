import type { CommandSpec } from '../command.js';
import { count } from '../text.js';

export const districtList: CommandSpec = {
  name: 'list',
  summary: 'list all districts',
  examples: ['district list'],
  async run({ io, open }) {
    const { rollcall } = await open();
    const districts = await rollcall.listDistricts();
    io.answer(districts);
    if (districts.length === 0) return io.say('No district yet: npx rollcall district add --help');
    const { table } = await import('../table.js');
    io.say(
      table(
        io,
        [
          { title: 'district', of: ({ id }) => id },
          { title: 'name', of: ({ name }) => name },
          { title: 'seats', of: ({ seats }) => count(seats), right: true },
          { title: 'nightly', of: ({ nightlyAt, timeZone }) => `${nightlyAt} ${timeZone}` },
          { title: 'live since', of: ({ liveAt }) => liveAt?.slice(0, 10) },
        ],
        districts,
      ),
    );
  },
};
