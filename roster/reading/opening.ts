/** The beginning of the text, held until it shows how the file is laid out. */
import type { Names } from './header.js';
import { SAMPLE, findLayout } from './layout.js';
import type { Layout } from './layout.js';
import { Refusal } from './refusal.js';

export interface Opened {
  readonly layout: Layout;
  /** What follows the header, beginning with its line break. */
  readonly rest: string;
}
/** more: text is still to come. end: that was all. cut: it stops here, in the middle. */
export type Ending = 'more' | 'end' | 'cut';

export interface Opening {
  /**
   * Null as long as more text is needed. Throws Refusal EMPTY_FILE, COLUMN_MISSING or NOT_CSV;
   * where the text is cut, only what the part before it says for sure.
   */
  push(text: string, ending: Ending): Opened | null;
  /** The line on which the text ends. */
  line(): number;
}

export function opening(names: Names): Opening {
  let text = '';
  let line = 1;

  return {
    line: () => line + (text.match(/\r\n|\r|\n/g)?.length ?? 0),
    push: (more, ending) => {
      const blank = blankLines(text + more, ending !== 'more');
      line += blank.lines;
      text = blank.rest;
      if (ending === 'more' && text.length < SAMPLE) return null;
      if (ending === 'end' && text === '')
        throw new Refusal('EMPTY_FILE', 'EMPTY_FILE', { line: null });
      const layout = findLayout(text, line, ending === 'end', names);
      return layout === null ? null : { layout, rest: text.slice(layout.end) };
    },
  };
}

const CR = 13;
const LF = 10;
const BLANK = /[\s,;|]/;

/** Takes the blank lines off that stand at the beginning, and counts them. */
function blankLines(
  text: string,
  whole: boolean,
): { readonly rest: string; readonly lines: number } {
  let begin = 0;
  let lines = 0;
  for (let at = 0; ; at++) {
    if (at >= text.length) {
      if (whole) begin = text.length;
      break;
    }
    const char = text.charCodeAt(at);
    if (char === CR || char === LF) {
      // A CR at the end may be half of a CRLF.
      if (char === CR && at + 1 === text.length && !whole) break;
      if (char === CR && text.charCodeAt(at + 1) === LF) at++;
      begin = at + 1;
      lines++;
    } else if (!BLANK.test(text[at]!)) break;
  }
  return { rest: text.slice(begin), lines };
}
