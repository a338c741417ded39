/** Sends mail over SMTP with nodemailer. Nothing that it throws holds an address or a server's words. */
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { MailRefused } from '../../activities/ports.js';
import type { SendMailOptions } from 'nodemailer';
import type { Mailer, OutgoingMail } from '../../activities/ports.js';

export interface SmtpMailerOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; nodemailer's options as query. */
  readonly url: string;
  /** The sender's bare address. */
  readonly from: string;
  /** What stands beside it: the vendor's name. */
  readonly name: string;
  /** For each silence of the server, milliseconds; default 30 s. */
  readonly timeoutMs?: number;
  /** For the whole of one mail, milliseconds; default 90 s, below the two minutes of a try. */
  readonly deadlineMs?: number;
}

/** The mail server could not take a message now; `code` is nodemailer's or the SMTP status. */
export class MailTrouble extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the mail server did not take the message (${code})`);
    this.name = 'MailTrouble';
    this.code = code;
  }
}

/** What a server answers when it wants us, not the message, to be different. */
const ABOUT_US = new Set([530, 534, 535, 538]);
/** "Mailbox name not allowed": what a server would say to such an address. */
const BAD_ADDRESS = 553;
const anAddress = z.email();

export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  const timeout = options.timeoutMs ?? 30_000;
  const deadline = options.deadlineMs ?? 90_000;
  const transport = createTransport({
    url: options.url,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    // No part of a message is ever read from a file or fetched from a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      // nodemailer would read "a@x.example\r\nBcc: b@y.example" as two recipients.
      if (!anAddress.safeParse(mail.to).success) throw new MailRefused(BAD_ADDRESS);
      try {
        // A server that says a little now and then would never be silent for too long. When the
        // time is up the connection is closed, so that no try outlives itself.
        const signal = AbortSignal.timeout(deadline);
        await transport.sendMail({ ...toMessage(mail, options), signal });
      } catch (error) {
        throw cleanError(error);
      }
    },
  };
}

function toMessage(mail: OutgoingMail, { from, name }: SmtpMailerOptions): SendMailOptions {
  return {
    from: { address: from, name: oneLine(name) },
    to: { address: mail.to, name: '' },
    envelope: { from, to: [mail.to] },
    subject: oneLine(mail.subject),
    text: mail.text,
    messageId: oneLine(mail.messageId),
    headers: {
      // RFC 3834: holiday notices do not answer to a program.
      'Auto-Submitted': 'auto-generated',
    },
    xMailer: false,
  };
}

/** Headers are lines: a line break inside one would begin another. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

function cleanError(error: unknown): MailRefused | MailTrouble {
  const { code, responseCode: status } = error as { code?: unknown; responseCode?: unknown };
  const aboutMessage = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (typeof status === 'number' && status >= 500 && aboutMessage && !ABOUT_US.has(status)) {
    return new MailRefused(status);
  }
  if (typeof status === 'number') return new MailTrouble(`ESMTP${status}`);
  const known = typeof code === 'string' && /^E[A-Z0-9_]{2,40}$/.test(code);
  return new MailTrouble(known ? code : 'EMAIL');
}
