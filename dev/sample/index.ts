/**
 * Maple Valley, the sample district: five invented schools, some four hundred students. Made
 * afresh on every call and always the same, byte for byte (test/roster/sample.test.ts).
 */
import { COLUMNS } from '../../roster/columns.js';
import { firstDay } from './first-day.js';
import { withMistakes } from './mistakes.js';
import type { Mistake } from './mistakes.js';
import { toCsv, toLine, toRows } from './model.js';
import type { Model } from './model.js';
import { nextNight } from './next-night.js';

export type { Mistake } from './mistakes.js';
export type { Model, Row, SchoolClass, Student } from './model.js';

/** Settings as `district add` takes them. */
export const SAMPLE = Object.freeze({
  district: Object.freeze({
    id: 'maple-valley',
    name: 'Maple Valley Unified School District',
    contact: 'data.office@maplevalley.example',
    seats: 420,
    timeZone: 'America/Los_Angeles',
    /** Not between one and three, when clocks change. */
    nightlyAt: '03:30',
    products: Object.freeze(['rocketlit', 'innerorbit']),
  }),
});

export const SAMPLE_FILES = ['first', 'second', 'mistakes'] as const;
export type SampleFile = (typeof SAMPLE_FILES)[number];

/** The district itself on the day of the first file and the night of the second. */
export const sampleModel = (which: 'first' | 'second'): Model =>
  which === 'first' ? firstDay().model : nextNight();

/**
 * CSV text: the first upload, the next night's file, or the first with mistakes in it.
 * UTF-8, comma, CRLF, header in canonical order.
 */
export function sampleFile(which: SampleFile): string {
  if (which !== 'mistakes') return toCsv(toRows(sampleModel(which)));
  const { lines } = withMistakes(toRows(sampleModel('first')));
  return [toLine(COLUMNS), ...lines].map((line) => `${line}\r\n`).join('');
}

/** What a reader must find in `sampleFile('mistakes')`, and nothing else. */
export const sampleMistakes = (): readonly Mistake[] =>
  withMistakes(toRows(sampleModel('first'))).mistakes;
