/** What a code means and what to do about it, for whoever reads a failure in Temporal's UI. */
const SENTENCES: Readonly<Record<string, string>> = {
  NO_SFTP_SERVER: 'no SFTP server is set up for uploads; set SFTP_URL or give the district its own',
  INPUT_INVALID: 'the input of this activity has not the agreed shape',
  ARCHIVE_MISSING: 'the fetched file is not in the archive any more; a new sync fetches it again',
  ARCHIVE_DAMAGED:
    'neither this worker nor Postgres has the file as it was fetched; a new sync fetches it again',
  READERS_BUSY: 'this worker reads as many large files as it may; it is tried again',
  READER_MEMORY:
    'the file needs more memory than a reading thread may have; raise ROLLCALL_THREAD_MB',
  READER_DIED: 'the thread that read the file ended; it is tried again',
  SCHEDULE_REFUSED:
    'Temporal refused the nightly schedule; check the time zone and the hour of the district',
  SFTP_UNREACHABLE: 'the SFTP server did not answer; it is tried again',
  SFTP_AUTH: 'the SFTP server refused the login; check the user name and the secret',
  SFTP_HOST_KEY:
    'the SFTP server shows another host key than the pinned one; nothing was sent to it',
  SFTP_PATH: 'the folder on the SFTP server is missing or closed to us',
  SFTP_SECRET: 'there is nothing under the secret reference; check the env: or file: it names',
  NOT_A_FILE: 'there is a folder where the roster file should be',
  MAIL_REFUSED: 'the mail server refused the message for good',
  ABORTED: 'the work was broken off; it is tried again',
  DB_UNAVAILABLE: 'Postgres is away or cut the connection; it is tried again',
  DB_ERROR: 'Postgres refused the statement',
  ECONNREFUSED: 'nothing listens at the address (ECONNREFUSED); it is tried again',
  ENOSPC: 'the disk is full (ENOSPC); make room, it is tried again',
  INTERNAL: 'something unforeseen went wrong in Rollcall; the stack says where',
};

/** One line without a value in it. */
export function sentenceFor(code: string): string {
  const known = SENTENCES[code];
  if (known !== undefined) return known;
  if (code.startsWith('TEMPORAL_')) return `Temporal answered with status ${code.slice(9)}`;
  if (code.startsWith('INTERNAL_')) return `${SENTENCES['INTERNAL'] ?? ''} (${code.slice(9)})`;
  return `the system answered ${code}`;
}
