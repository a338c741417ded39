import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailRefused } from '../../activities/ports.js';
import type { OutgoingMail } from '../../activities/ports.js';
import { readMailbox, startMailSink } from '../../dev/mail-sink.js';
import { MailTrouble, createSmtpMailer } from '../../worker/adapters/smtp-mailer.js';
import { startRefusingMail, startTestMail } from '../support/mail.js';
import type { Step, TestMail } from '../support/mail.js';
import { until } from '../support/wait.js';

const from = 'rollcall@vendor.example';
const mailerFor = (url: string, name = 'Vendor, Inc.') => createSmtpMailer({ url, from, name });
const mail = (changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  to: 'it@district.example',
  subject: 'Your roster – what to do next',
  text: 'Grüß Gott,\n.a line with a dot\nhttps://portal.example/l/token\n',
  messageId: '<one@rollcall.example>',
  ...changes,
});
const thrownBy = async (promise: Promise<unknown>): Promise<Error> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
};

let sink: TestMail;
beforeEach(async () => {
  sink = await startTestMail();
});
afterEach(() => sink.stop());

describe('a mail', () => {
  it('arrives as it was written', async () => {
    const before = new Date().toISOString();
    await mailerFor(sink.url).send(mail());
    const mails = await sink.mails();
    expect(mails).toEqual([
      {
        file: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-1\.eml$/),
        to: ['it@district.example'],
        subject: 'Your roster – what to do next',
        text: 'Grüß Gott,\n.a line with a dot\nhttps://portal.example/l/token\n',
        html: null,
        messageId: '<one@rollcall.example>',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ]);
    expect(Date.parse(mails[0]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(before));
  });

  it('comes from the vendor by name, and asks machines not to answer', async () => {
    await mailerFor(sink.url).send(mail());
    const [file = ''] = await readdir(sink.folder);
    const raw = await readFile(path.join(sink.folder, file), 'utf8');
    expect(raw).toMatch(/^From: "Vendor, Inc\." <rollcall@vendor\.example>\r$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).not.toMatch(/^X-Mailer/im);
    expect((await stat(path.join(sink.folder, file))).mode & 0o777).toBe(0o600);
  });

  it('sent again under the same key arrives once, also after a restart', async () => {
    await mailerFor(sink.url).send(mail());
    await mailerFor(sink.url).send(mail({ text: 'a second try\n' }));
    await sink.restart();
    await mailerFor(sink.url).send(mail({ text: 'a third try\n' }));
    expect(await sink.mails()).toHaveLength(1);
    await mailerFor(sink.url).send(mail({ messageId: '<two@rollcall.example>' }));
    expect((await sink.mails()).map(({ messageId }) => messageId)).toEqual([
      '<one@rollcall.example>',
      '<two@rollcall.example>',
    ]);
  });

  it('arrives once of many that are sent at the same moment', async () => {
    const mailer = mailerFor(sink.url);
    await Promise.all(Array.from({ length: 12 }, () => mailer.send(mail())));
    expect(await sink.mails()).toHaveLength(1);
  });

  it.each([
    'a@district.example\r\nBcc: evil@x.example',
    'a@district.example, evil@x.example',
    '"v@district.example\r\nBcc: evil@x.example"',
    'a@district.example>\r\nRCPT TO:<evil@x.example',
    'Somebody <a@district.example>',
    'no address',
    '',
  ])('is not sent to %j', async (to) => {
    const error = await thrownBy(mailerFor(sink.url).send(mail({ to })));
    expect(error).toEqual(new MailRefused(553));
    expect(await sink.mails()).toEqual([]);
  });

  it('grows no header out of its subject, its id or the name of the vendor', async () => {
    const evil = 'x\r\nBcc: evil@x.example\r\n\r\nbody';
    await mailerFor(sink.url, evil).send(mail({ subject: evil, messageId: `<a@b>${evil}` }));
    const [only, ...more] = await sink.mails();
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      to: ['it@district.example'],
      subject: 'x Bcc: evil@x.example body',
    });
    const raw = await readFile(path.join(sink.folder, only?.file ?? ''), 'utf8');
    expect(raw).not.toMatch(/^Bcc:/im);
  });

  it('takes nothing from files or the net, whatever its text says', async () => {
    const text = { path: '/etc/hostname' } as unknown as string;
    await thrownBy(mailerFor(sink.url).send(mail({ text })));
    expect(await sink.mails()).toEqual([]);
  });
});

describe('a mail server that says no', () => {
  const answers: [Step, number, Error][] = [
    ['to', 550, new MailRefused(550)],
    ['from', 553, new MailRefused(553)],
    ['data', 554, new MailRefused(554)],
    ['to', 421, new MailTrouble('ESMTP421')],
    ['to', 451, new MailTrouble('ESMTP451')],
    ['data', 452, new MailTrouble('ESMTP452')],
    ['connect', 421, new MailTrouble('ESMTP421')],
    // These are about us: with the right password or place the same mail would go.
    ['connect', 554, new MailTrouble('ESMTP554')],
    ['auth', 535, new MailTrouble('ESMTP535')],
    ['from', 530, new MailTrouble('ESMTP530')],
  ];

  it.each(answers)('at "%s" with %d is told by code alone', async (step, status, expected) => {
    const server = await startRefusingMail(step, status);
    const error = await thrownBy(mailerFor(server.url).send(mail()));
    expect(error).toEqual(expected);
    expect(error.constructor).toBe(expected.constructor);
    expect(`${error.message}${error.stack}${String(error.cause)}`).not.toMatch(/district\.example/);
    await server.stop();
  });

  it('or nothing at all, is tried again', async () => {
    const { url } = sink;
    await sink.restart();
    expect(await thrownBy(mailerFor(url).send(mail()))).toMatchObject({
      name: 'MailTrouble',
      code: expect.stringMatching(/^E(SOCKET|CONNREFUSED|CONNECTION)$/),
    });
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const mailer = createSmtpMailer({
      url: `smtp://127.0.0.1:${port}`,
      from,
      name: 'Vendor',
      timeoutMs: 200,
    });
    expect(await thrownBy(mailer.send(mail()))).toEqual(new MailTrouble('ETIMEDOUT'));
    await new Promise((resolve) => silent.close(resolve));
  });

  it('gives up, and closes the connection, on a server that goes on and on', async () => {
    let closed = false;
    const slow = createServer((socket) => {
      const timer = setInterval(() => socket.write('220-one moment please\r\n'), 20);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          closed = true;
          clearInterval(timer);
        });
      socket.resume();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => slow.once('listening', resolve));
    const { port } = slow.address() as AddressInfo;
    const mailer = createSmtpMailer({
      url: `smtp://127.0.0.1:${port}`,
      from,
      name: 'Vendor',
      deadlineMs: 300,
    });
    expect(await thrownBy(mailer.send(mail()))).toEqual(new MailTrouble('EABORT'));
    await until('the connection is closed', () => closed);
    await new Promise((resolve) => slow.close(resolve));
  });
});

describe('the sink', () => {
  it('shows who was to get a mail, blind copies too', async () => {
    await createTransport({ url: sink.url }).sendMail({
      from,
      to: 'a@district.example',
      bcc: 'b@district.example',
      subject: 'two',
      html: '<p>two</p>',
    });
    expect(await sink.mails()).toMatchObject([
      { to: ['a@district.example', 'b@district.example'], html: '<p>two</p>\n' },
    ]);
  });

  it('keeps the order of arrival', async () => {
    const mailer = mailerFor(sink.url);
    const ids = Array.from({ length: 11 }, (_, nth) => `<${nth}@rollcall.example>`);
    for (const messageId of ids) await mailer.send(mail({ messageId }));
    expect((await sink.mails()).map(({ messageId }) => messageId)).toEqual(ids);
  });

  it('ignores what is no mail in its folder, and a folder that is not there', async () => {
    await writeFile(path.join(sink.folder, '.half.eml.tmp'), 'x');
    await writeFile(path.join(sink.folder, 'notes.txt'), 'x');
    expect(await sink.mails()).toEqual([]);
    expect(await readMailbox(path.join(sink.folder, 'none'))).toEqual([]);
  });

  it('refuses a message that is too large, and keeps nothing of it', async () => {
    const text = 'x'.repeat(70).concat('\n').repeat(170_000);
    const error = await thrownBy(mailerFor(sink.url).send(mail({ text })));
    expect(error).toEqual(new MailRefused(552));
    expect(await readdir(sink.folder)).toEqual([]);
  });

  it('says that a port is taken', async () => {
    const port = Number(new URL(sink.url).port);
    await expect(startMailSink({ folder: sink.folder, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
