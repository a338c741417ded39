import { argument, DISTRICT, type CommandSpec } from '../command.js';
import { FREE, NEEDED, readChange } from '../district-options.js';

export const districtAdd: CommandSpec = {
  name: 'add',
  summary: 'add a district',
  about: 'Without --sftp the district uploads to our server. Nothing starts before `onboard`.',
  args: [DISTRICT],
  options: [...NEEDED.map((option) => ({ ...option, required: true })), ...FREE],
  examples: [
    'district add maple-valley --name "Maple Valley" --contact it@maple.example \\\n      --seats 1200 --time-zone America/Chicago --nightly-at 03:30 --product rocketlit',
  ],
  async run(run) {
    const { io, options } = run;
    const change = readChange(options);
    const { rollcall } = await run.open();
    const { district, warnings } = await rollcall.addDistrict({
      ...change,
      id: argument(run),
      name: options.text('name') ?? '',
      contact: options.text('contact') ?? '',
      seats: change.seats ?? Number.NaN,
      timeZone: options.text('timeZone') ?? '',
      nightlyAt: options.text('nightlyAt') ?? '',
    });
    io.answer({ ...district, warnings });
    for (const warning of warnings) io.remark(`warning: ${warning}`);
    io.say(`${district.id} is added. Invite it: npx rollcall onboard ${district.id}`);
  },
};
