/**
 * Step 3: text to records. It finds where each record begins and ends, as RFC 4180 says, counts
 * lines, and holds back what would stall or mislead the parser behind it: records without an
 * end, lines of a million characters, quotation marks that are not where they may be.
 */
import { detach } from './clip.js';

/** Characters; the longest honest row has some 2,000. */
export const RECORD_MAX = 65_536;
/** Of a longer one, so many are kept to show: less than a spreadsheet program takes in a cell. */
export const HEAD_MAX = 30_000;

/**
 * plain: no quotation mark. quoted: well formed. broken: a quotation mark stands where none may.
 * too-long: over RECORD_MAX, left out up to its line's end. unclosed: a quoted value without an
 * end, after which nothing can be read any more.
 */
export type Shape = 'plain' | 'quoted' | 'broken' | 'too-long' | 'unclosed';

export interface RawRecord {
  readonly shape: Shape;
  /** Without its line break; of `too-long` the first HEAD_MAX characters, of `unclosed` none. */
  readonly text: string;
  /** Characters, where `text` is not all of it. */
  readonly length?: number;
  /** Where it begins. CR, LF and CRLF end a line each. */
  readonly line: number;
  /** Line breaks within it. */
  readonly breaks: number;
  /** Its fields, where they were seen in passing. */
  readonly cells?: readonly string[];
}

export interface Splitter {
  /** The records that this text completes, in order. Empty lines give none. */
  push(text: string): RawRecord[];
  /** The last record, if the file does not end with a line break. */
  end(): RawRecord[];
  /** The line on which the first character not yet given out stands. */
  line(): number;
  /** All text was given out, so that what follows begins a record. */
  isBetween(): boolean;
  /** Lines that follow were read otherwise; only between records. */
  pass(lines: number): void;
  /** A line ended with a CR alone: lines are not where the line feeds are. */
  hasBareCr(): boolean;
}

const CR = 13;
const LF = 10;
const QUOTE = 34;
const BARE_CR = /\r(?!\n)/;

/** `delimiter`: one UTF-16 unit. `firstLine`: the number of the line on which the text begins. */
export function recordSplitter(delimiter = ',', firstLine = 1): Splitter {
  const comma = delimiter.charCodeAt(0);
  let rest = '';
  let line = firstLine;
  /** A record that is too long, until its end is found. */
  let skipped: (RawRecord & { length: number }) | null = null;
  let stopped = false;
  let bareCr = false;

  function split(input: string, final: boolean): RawRecord[] {
    const records: RawRecord[] = [];
    if (stopped) return records;
    // A CR at the border may be half of a CRLF.
    const held = !final && input.endsWith('\r') ? '\r' : '';
    const text = held === '' ? input : input.slice(0, -1);
    const next = finder(text, delimiter);
    let at = 0;

    const put = (shape: Shape, end: number, breaks: number): void => {
      if (breaks > 0) bareCr ||= BARE_CR.test(text.slice(at, end));
      records.push({ shape, text: end > at ? text.slice(at, end) : '', line, breaks });
    };
    const pass = (end: number, breaks: number): void => {
      line += breaks + (end < text.length ? 1 : 0);
      at = end + 1;
      if (text.charCodeAt(end) !== CR) return;
      if (text.charCodeAt(at) === LF) at++;
      else bareCr = true;
    };
    const skip = (): void => {
      bareCr ||= BARE_CR.test(text.slice(at, at + RECORD_MAX));
      const head = detach(text.slice(at, at + HEAD_MAX));
      const breaks = countBreaks(text.slice(at, at + RECORD_MAX));
      skipped = { shape: 'too-long', text: head, length: RECORD_MAX, line, breaks };
      line += breaks;
      at += RECORD_MAX;
    };
    const endSkipped = (): void => {
      if (skipped !== null) records.push(skipped);
      skipped = null;
    };

    while (at < text.length) {
      const char = text.charCodeAt(at);
      if (skipped === null && (char === LF || char === CR)) {
        pass(at, 0);
        continue;
      }
      const end = next.lineBreak(at);
      if (skipped !== null) {
        skipped.length += end - at;
        at = end;
        if (end === text.length && !final) break;
        endSkipped();
        pass(end, 0);
      } else if (next.quote(at) < end) {
        const whole = (final || end < text.length) && end - at <= RECORD_MAX;
        const cells = whole ? simpleFields(text, at, end, comma, next.delimiter) : null;
        if (cells !== null) {
          records.push({ shape: 'quoted', text: text.slice(at, end), line, breaks: 0, cells });
          pass(end, 0);
          continue;
        }
        const record = scanQuoted(text, at, final, comma);
        if (record === 'more') break;
        if (record === 'unclosed') {
          put('unclosed', at, 0);
          stopped = true;
          break;
        }
        if (record === 'too-long') {
          skip();
          continue;
        }
        put(record.broken ? 'broken' : 'quoted', record.end, record.breaks);
        pass(record.end, record.breaks);
      } else if (end - at > RECORD_MAX) {
        skip();
      } else if (end === text.length && !final) {
        break;
      } else {
        put('plain', end, 0);
        pass(end, 0);
      }
    }
    if (final) endSkipped();
    rest = text.slice(at) + held;
    return records;
  }

  return {
    push: (text) => split(rest === '' ? text : rest + text, false),
    end: () => split(rest, true),
    line: () => line,
    isBetween: () => rest === '' && skipped === null && !stopped,
    pass: (lines) => {
      line += lines;
    },
    hasBareCr: () => bareCr,
  };
}

/** Line breaks within quotes: outside of them a record ends. */
const countBreaks = (text: string): number => text.split(/\r\n|\r|\n/).length - 1;

/** The record that begins at `from`, and where it ends; null if the text ends before it does. */
export function firstRecord(
  text: string,
  from: number,
  final: boolean,
  delimiter: string,
): { readonly record: RawRecord; readonly end: number } | null {
  const next = finder(text, delimiter);
  const end = next.lineBreak(from);
  const give = (shape: Shape, end: number, breaks: number) => ({
    record: { shape, text: text.slice(from, end), line: 1, breaks },
    end,
  });
  if (next.quote(from) < end) {
    const scan = scanQuoted(text, from, final, delimiter.charCodeAt(0));
    if (scan === 'more') return null;
    if (scan === 'too-long' || scan === 'unclosed') return give(scan, from, 0);
    return give(scan.broken ? 'broken' : 'quoted', scan.end, scan.breaks);
  }
  if (end - from > RECORD_MAX) return give('too-long', from, 0);
  return end === text.length && !final ? null : give('plain', end, 0);
}

interface Finder {
  lineBreak(from: number): number;
  quote(from: number): number;
  delimiter(from: number): number;
}

/** Looks for the next of each, the end of the text if there is none; each character once. */
function finder(text: string, delimiter: string): Finder {
  const seek = (what: string): ((from: number) => number) => {
    let found = -1;
    return (from) => {
      if (found < from) {
        found = text.indexOf(what, from);
        if (found < 0) found = text.length;
      }
      return found;
    };
  };
  const lf = seek('\n');
  const cr = seek('\r');
  return {
    lineBreak: (from) => Math.min(lf(from), cr(from)),
    quote: seek('"'),
    delimiter: seek(delimiter),
  };
}

/**
 * The fields of a record that ends with its line and whose quotation marks stand around whole
 * values and nowhere else; null for any other, which csv-parse takes apart.
 */
function simpleFields(
  text: string,
  from: number,
  end: number,
  comma: number,
  nextDelimiter: (from: number) => number,
): string[] | null {
  const cells: string[] = [];
  for (let at = from; ;) {
    let after: number;
    if (text.charCodeAt(at) === QUOTE) {
      const close = text.indexOf('"', at + 1);
      if (close < 0 || close >= end) return null;
      after = close + 1;
      if (after < end && text.charCodeAt(after) !== comma) return null;
      cells.push(text.slice(at + 1, close));
    } else {
      after = Math.min(nextDelimiter(at), end);
      const cell = text.slice(at, after);
      if (cell.includes('"')) return null;
      cells.push(cell);
    }
    if (after >= end) return cells;
    at = after + 1;
  }
}

type Scan = { end: number; breaks: number; broken: boolean } | 'more' | 'too-long' | 'unclosed';

/** Walks through one record that has a quotation mark. */
function scanQuoted(text: string, from: number, final: boolean, comma: number): Scan {
  const limit = from + RECORD_MAX;
  let state: 'start' | 'bare' | 'quoted' | 'closing' = 'start';
  let breaks = 0;
  let broken = false;
  for (let at = from; at < text.length; at++) {
    // `closing` may be the first half of a doubled mark: no better than being inside.
    if (at >= limit) return state === 'quoted' || state === 'closing' ? 'unclosed' : 'too-long';
    const char = text.charCodeAt(at);
    if (state === 'quoted') {
      if (char === QUOTE) state = 'closing';
      else if (char === LF || (char === CR && text.charCodeAt(at + 1) !== LF)) breaks++;
    } else if (char === LF || char === CR) {
      return { end: at, breaks, broken };
    } else if (char === comma) {
      state = 'start';
    } else if (char === QUOTE) {
      if (state === 'bare') broken = true;
      else state = 'quoted';
    } else {
      if (state === 'closing') broken = true;
      state = 'bare';
    }
  }
  if (!final) return 'more';
  return state === 'quoted' ? 'unclosed' : { end: text.length, breaks, broken };
}
