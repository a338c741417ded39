/** Letters to a district that has not uploaded yet. */
import type { Letter, LetterFacts, Template } from './letter.js';
import { howToUpload, products } from './phrases.js';

export const invitation: Template = (facts): Letter => ({
  subject: `${facts.district.name}: please upload your roster file`,
  body: [
    `Welcome! ${facts.vendor.name} is getting ${products(facts)} ready for ${facts.district.name}. For that we need one file from you: a CSV file with one row for each student in each class.`,
    `A sample file shows the columns that it needs:\n  ${facts.sampleUrl}`,
    ...howToUpload(facts),
    'What happens then: we notice the file by ourselves, check every line and write to you with the result. Before anything is loaded, a person here looks it over.',
    `Until your file is there nothing happens, so take the time that you need.${reminder(facts)}`,
  ],
});

export const uploadReminder: Template = (facts): Letter => ({
  subject: `${facts.district.name}: we are still waiting for your roster file`,
  body: [
    `We have not seen the roster file of ${facts.district.name} yet. If you have uploaded it already, it may lie under another name or in another folder; here is the place once more.`,
    ...howToUpload(facts),
    `A sample file shows the columns that it needs:\n  ${facts.sampleUrl}`,
    'Until your file is there nothing happens. If something is in the way, such as a password that does not work or an export that you cannot make, please tell us: that is often quickly mended.',
  ],
});

const reminder = ({ after: { firstReminder } }: LetterFacts): string =>
  firstReminder === null ? '' : ` If we have seen no file in ${firstReminder}, we write again.`;
