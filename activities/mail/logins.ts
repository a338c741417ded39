/** Letters to a district that tries its logins, and the one that says it is done. */
import type { Letter, LetterFacts, Template } from './letter.js';
import { count, listed, products } from './phrases.js';

export const loginTest: Template = (facts): Letter => ({
  subject: `${facts.district.name}: please try a few logins`,
  body: [
    `Good news: the roster of ${facts.district.name} is loaded. Now please see with your own eyes that people can sign in. We chose ${people(facts)} for that; their logins are listed on your page.`,
    ...whereToSignIn(facts),
    'Ask them to sign in, or sit down with them and try. Then tell us on your page, with one click, whether the logins work.',
    'Until you tell us, the nightly update does not begin and the roster stays as it is now.',
  ],
});

export const loginTestReminder: Template = (facts): Letter => ({
  subject: `${facts.district.name}: do the logins work?`,
  body: [
    `The roster of ${facts.district.name} is loaded, and we wait for your word whether the logins work. ${capital(people(facts))} are listed on your page for a try.`,
    ...whereToSignIn(facts),
    'Please tell us on your page, with one click, whether they do. A “no” is just as welcome, as we can then mend it.',
    'Until you tell us, the nightly update does not begin and the roster stays as it is now.',
  ],
});

export const live: Template = (facts): Letter => ({
  subject: `${facts.district.name} is live`,
  body: [
    `That’s it: ${facts.district.name} is live, and your people can use ${products(facts)}. Thank you for your help!`,
    `From now on we fetch your file every night at ${facts.district.nightlyAt} (${facts.district.timeZone}) and bring the roster in step with it. Keep replacing the file in the same place under the same name (${facts.upload.path}); most systems can do that by themselves.`,
    'There is nothing more for you to do. If a file ever looks wrong, nothing is changed before it is cleared up, and we write to you.',
  ],
});

function people({ samples: { students, teachers } }: LetterFacts): string {
  const groups = [
    students > 0 && count(students, 'student', 'students'),
    teachers > 0 && count(teachers, 'teacher', 'teachers'),
  ].filter((group) => group !== false);
  return listed(groups) || 'a few people';
}

const whereToSignIn = ({ products: list }: LetterFacts): string[] =>
  list.length === 0 ? [] : [list.map(({ name, loginUrl }) => `  ${name}: ${loginUrl}`).join('\n')];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
