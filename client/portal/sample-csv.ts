/** The sample file that a district can open beside its own: small, invented, without a mistake. */
import { COLUMNS } from '../../roster/columns.js';

const MAPLE = ['0101', 'Maple Street Elementary'];
const HARBOR = ['0204', 'Harbor View Middle School'];
const KIM = ['grace.kim@district.example', 'Grace', 'Kim'];
const OKAFOR = ['d.okafor@district.example', 'Daniel', 'Okafor'];
const NUNEZ = ['lucia.nunez@district.example', 'Lucía', 'Núñez'];
const SCIENCE_5 = ['0101-SCI5-1', 'Science 5, Period 1'];
const LIFE_7 = ['0204-LIFE7-3', 'Life Science 7, Period 3'];
const EARTH_6 = ['0204-EARTH6-2', 'Earth Science 6, Period 2'];

/** One row per student in a class: Zoe is in two classes, Science 5 has two teachers. */
const ROWS: readonly (readonly string[])[] = [
  [...MAPLE, ...KIM, ...SCIENCE_5, 'Amara', 'Johnson', 'amara.johnson@students.example', '5'],
  [...MAPLE, ...KIM, ...SCIENCE_5, 'José', 'Martínez', 'jose.martinez@students.example', '5'],
  [...MAPLE, ...OKAFOR, ...SCIENCE_5, 'Amara', 'Johnson', 'amara.johnson@students.example', '5'],
  [...MAPLE, ...OKAFOR, ...SCIENCE_5, 'José', 'Martínez', 'jose.martinez@students.example', '5'],
  [...HARBOR, ...NUNEZ, ...LIFE_7, 'Zoe', "O'Brien", 'zoe.obrien@students.example', '7'],
  [...HARBOR, ...NUNEZ, ...LIFE_7, 'Wei', 'Chen', 'wei.chen@students.example', '7'],
  [...HARBOR, ...NUNEZ, ...EARTH_6, 'Zoe', "O'Brien", 'zoe.obrien@students.example', '7'],
  [...HARBOR, ...NUNEZ, ...EARTH_6, 'Noah', 'Fischer', 'noah.fischer@students.example', '6'],
];

const cell = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** UTF-8, comma, CRLF, the columns in their canonical order. */
export const SAMPLE_CSV = [COLUMNS, ...ROWS]
  .map((row) => `${row.map(cell).join(',')}\r\n`)
  .join('');
