/** SQL that finds texts in which somebody stands who is due; see words.ts. */

const PEOPLE = `kind in ('students', 'teachers')`;
/** As it stands in a text, between spaces, brackets and quotes of any kind. */
const ADDRESS = `'[^][[:space:],;:<>()"“”„|/]+@[^][[:space:],;:<>()"“”„|/]+'`;

const addressesIn = (text: string): string => `regexp_matches(lower(${text}), ${ADDRESS}, 'g')`;

export const isDueAddress = (text: string): string =>
  `lower(${text}) in (select word from due_keys where ${PEOPLE})`;

/** For tables of few rows: each is searched by itself. */
export const holdsDueAddress = (text: string): string => `
  (${text} like '%@%' and exists (
     select from ${addressesIn(text)} as found (address)
     where rtrim(found.address[1], '.') in (select word from due_keys where ${PEOPLE})))`;

/**
 * Rows (run, seq) of a table of many, searched all at once. A name alone may be anybody's: it counts
 * in columns of names, where it is all there is, and not in the newest file, which is about those
 * who are here.
 * @param texts an array of the row's texts, in SQL; takes the district twice
 */
export const rowsThatName = (table: string, texts: string): string => `
  select t.run, t.seq
  from rollcall.${table} t
  cross join lateral ${addressesIn(`array_to_string(${texts}, ' ')`)} as found (address)
  join due_keys k on k.word = rtrim(found.address[1], '.') and k.${PEOPLE}
  where t.district_key = ?
  union
  select t.run, t.seq
  from rollcall.${table} t
  cross join lateral unnest(${texts}) as one (word)
  join due_names n on n.word = trim(one.word)
  where t.district_key = ? and t.col ~ '(first|last)_name$'
    and t.run <> (select max(r.run) from rollcall.runs r
                  where r.district_key = t.district_key and r.row_count is not null)`;
