/** The values of a person, class or school, under the names and in the order in which people say them. */
import { clean } from './text.js';

const ATTRIBUTES: Readonly<Record<string, string>> = {
  email: 'email',
  class_id: 'id',
  first_name: 'first name',
  last_name: 'last name',
  grade_level: 'grade',
  name: 'name',
  school_id: 'school',
};
export type Values = Readonly<Record<string, string>>;

/** Those that are there. */
export const attributesOf = (values: Values): [name: string, words: string][] =>
  Object.entries(ATTRIBUTES).filter(([name]) => values[name] !== undefined);

/** `last name Ruiz → Ruíz`; without old values, what is said now. */
export const differences = (old: Values | null, now: Values): string[] =>
  attributesOf(now)
    .filter(([name]) => old?.[name] !== now[name])
    .map(([name, words]) => {
      const before = old === null ? '' : `${shown(old[name])} → `;
      return `${words} ${before}${shown(now[name])}`;
    });

/** `Ana Ruiz, grade 5`, or a name. */
export function briefly({ first_name: first, last_name: last, grade_level: grade, name }: Values) {
  const called = [first, last, name].filter(Boolean).map((one) => clean(one!));
  return [called.join(' ') || '–', ...(grade ? [`grade ${clean(grade)}`] : [])].join(', ');
}

const shown = (value: string | undefined): string => clean(value ?? '') || '–';
