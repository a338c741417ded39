/** Where a command writes. `--json` and a terminal change how, never what is done. */
import { once } from 'node:events';
import { styleText } from 'node:util';
import { toJson } from './text.js';

export type Style = Parameters<typeof styleText>[0];

export interface Io {
  readonly json: boolean;
  /** True if the answer goes to a terminal, which may be drawn anew. */
  readonly terminal: boolean;
  /** True if progress writes over itself. */
  readonly overwrites: boolean;
  /** A line for people; nothing with `--json`. */
  readonly say: (line?: string) => void;
  /** The answer for scripts, one line; nothing without `--json`. */
  readonly answer: (value: unknown) => void;
  /** The same for an object with a list, under `name`, that is too long to be put in one text. */
  readonly answerList: (
    value: object,
    name: string,
    list: Iterable<unknown> | AsyncIterable<unknown>,
  ) => Promise<void>;
  /** Lines for people that are too many to be put in one text. */
  readonly sayAll: (lines: AsyncIterable<string>) => Promise<void>;
  /** A passing remark beside the answer, to stderr. */
  readonly remark: (line: string) => void;
  /** Writes over itself on a terminal, plain lines elsewhere; `null` ends it. To stderr. */
  readonly progress: (line: string | null) => void;
  /** Asks a person; `unasked`, else yes, where there is none to ask. On stderr, as it is no answer. */
  readonly confirm: (question: string, unasked?: boolean) => Promise<boolean>;
  readonly paint: (style: Style, text: string) => string;
}

const BATCH_CHARACTERS = 65_536;

interface Streams {
  readonly stdin?: Input | undefined;
  readonly stdout: Output;
  readonly stderr: Output;
}
/** A stream of the process, or what a test puts in its place. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export function createIo(streams: Streams, env: NodeJS.ProcessEnv, json: boolean): Io {
  const { stdin, stdout, stderr } = streams;
  const colours = coloured(stdout, env);
  const overwrites = stderr.isTTY === true && env['TERM'] !== 'dumb';
  let last = '';
  return {
    json,
    terminal: stdout.isTTY === true && !json,
    overwrites,
    say(line = '') {
      if (!json) stdout.write(`${line}\n`);
    },
    answer(value) {
      if (json) stdout.write(`${toJson(value)}\n`);
    },
    async answerList(value, name, list) {
      if (!json) return;
      const before = toJson(value).slice(0, -1);
      let batch = `${before}${before === '{' ? '' : ','}${toJson(name)}:[`;
      let first = true;
      for await (const item of list) {
        batch += `${first ? '' : ','}${toJson(item)}`;
        first = false;
        if (batch.length < BATCH_CHARACTERS) continue;
        // A reader that is slower than we are must not fill our memory.
        if (!stdout.write(batch)) await once(stdout, 'drain');
        batch = '';
      }
      stdout.write(`${batch}]}\n`);
    },
    async sayAll(lines) {
      if (json) return;
      let batch = '';
      for await (const line of lines) {
        batch += `${line}\n`;
        if (batch.length < BATCH_CHARACTERS) continue;
        if (!stdout.write(batch)) await once(stdout, 'drain');
        batch = '';
      }
      if (batch !== '') stdout.write(batch);
    },
    remark(line) {
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (overwrites && (line !== null || last !== '')) stderr.write(`\r\u001b[K${line ?? ''}`);
      if (!overwrites && line !== null && line !== last) stderr.write(`${line}\n`);
      last = line ?? '';
    },
    async confirm(question, unasked = true) {
      if (json || stdout.isTTY !== true || stdin?.isTTY !== true) return unasked;
      const { createInterface } = await import('node:readline');
      const asked = createInterface({ input: stdin, output: stderr });
      const answer = await new Promise<string>((resolve) => {
        // Whoever ends the input has not said yes.
        asked.once('close', () => resolve(''));
        asked.question(`${question} [y/N] `, resolve);
      });
      asked.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** https://no-color.org and its counterpart. */
function coloured(stream: Output, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
