/** What a letter is made from, and how it is set. Text only: it is read on anything. */
import type { ChangeTotals, HeldLimit, PlanScope } from '../../workflows/contract.js';
import type { Stage } from '../../workflows/stages.js';

/** Institutions, counts, codes and links. No person, no address of one, no cell of a file. */
export interface LetterFacts {
  readonly vendor: { readonly name: string; readonly supportAddress: string };
  readonly products: readonly { readonly name: string; readonly loginUrl: string }[];
  readonly district: {
    readonly id: string;
    readonly name: string;
    readonly timeZone: string;
    readonly nightlyAt: string;
    /** The nightly schedule runs, unless somebody paused it. */
    readonly live: boolean;
  };
  readonly upload: Upload;
  /** The district's page; null in letters to support, whose mailbox many people read. */
  readonly pageUrl: string | null;
  readonly sampleUrl: string;
  readonly stage: Stage | null;
  /** The district's timings in words, for example `14 days`. */
  readonly after: {
    readonly firstReminder: string | null;
    readonly escalation: string;
    readonly hold: string;
  };
  readonly samples: { readonly students: number; readonly teachers: number };
  readonly run: RunFacts | null;
  /** A code such as SFTP_AUTH or ECONNREFUSED. */
  readonly problem: string | null;
  /** One line without control characters: for letters to the district only. */
  readonly reason: string | null;
  /** `note/<id>` if the reason is kept in the store: for letters to support. */
  readonly note: string | null;
}

export type Upload =
  | {
      readonly to: 'vendor';
      readonly host: string;
      readonly port: number;
      /** Null: the server's accounts are not ours, so support hands them out. */
      readonly username: string | null;
      /** OpenSSH form, `SHA256:…`. */
      readonly hostKey: string;
      readonly path: string;
    }
  | { readonly to: 'district'; readonly path: string };

export interface RunFacts {
  readonly run: number;
  /** The run that it undoes; null for every other kind. */
  readonly undoes: number | null;
  readonly rows: number | null;
  readonly rejected: number | null;
  /** What rejects rows or the file, the heaviest first. */
  readonly causes: readonly Cause[];
  readonly moreCauses: number;
  readonly plan: PlanFacts | null;
}
export interface Cause {
  readonly code: string;
  readonly people: number;
  readonly rows: number;
  readonly message: string;
  readonly fix: string;
}
export interface PlanFacts {
  readonly changes: ChangeTotals;
  readonly seats: {
    readonly licensed: number;
    readonly before: number;
    readonly after: number;
    readonly buffer: number;
  };
  readonly held: readonly HeldLimit[];
  /** What would make room for seats, counts only; null if the plan is not held for them. */
  readonly room: { readonly protected: number; readonly duplicates: number } | null;
  /** What could be let through: of the whole, without the schools that are over a limit. */
  readonly withoutHeld: ChangeTotals | null;
  /** The plan has what this run left out, which was applied. */
  readonly restOf: {
    readonly run: number;
    readonly changes: ChangeTotals;
    readonly scope: PlanScope;
  } | null;
}

export interface Letter {
  readonly subject: string;
  /** A paragraph is wrapped, unless one of its lines is indented: then it is set as it is. */
  readonly body: readonly string[];
}
export type Template = (facts: LetterFacts) => Letter;

const WIDTH = 76;

/** Subject and text as they are sent. */
export function setLetter(letter: Letter, facts: LetterFacts): { subject: string; text: string } {
  const paragraphs = [...greeting(facts), ...letter.body, ...closing(facts)].filter(Boolean);
  return { subject: oneLine(letter.subject), text: `${paragraphs.map(wrap).join('\n\n')}\n` };
}

const greeting = ({ pageUrl }: LetterFacts): string[] => (pageUrl === null ? [] : ['Hello,']);

function closing({ pageUrl, vendor }: LetterFacts): string[] {
  if (pageUrl === null) return [`-- Rollcall, for ${vendor.name}`];
  return [
    `Your page, with everything that we know and every button that you need:\n  ${pageUrl}`,
    'The link opens your district’s page for 30 days without a password, so please keep it to yourself.',
    `Questions? Write to ${vendor.supportAddress}.`,
    vendor.name,
  ];
}

function wrap(paragraph: string): string {
  if (/^ /m.test(paragraph)) return paragraph;
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** For whatever people typed: one line, no control characters, no end of it in the thousands. */
export function oneLine(text: string, longest = 500): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1).trimEnd()}…` : plain;
}
