/** Small parts that the catalogue's sentences are made of. None of them says what a cell holds. */
import { isColumn } from './columns.js';
import type { Facts } from './findings.js';

export const many = (count: number, one: string, more: string): string =>
  `${count} ${count === 1 ? one : more}`;
export const rows = ({ rows = 1 }: Facts): string => many(rows, 'row', 'rows');
export const cell = ({ column }: Facts): string => column ?? 'cell';
/** Only names that stand in COLUMNS pass. */
export const columnNames = ({ value }: Facts): string =>
  (value ?? '').split(', ').filter(isColumn).join(', ') || 'one that is needed';
export const counted = (facts: Facts, one: string, more: string): string =>
  facts.count === undefined ? `some ${more}` : many(facts.count, one, more);

export const always = (text: string) => (): string => text;
