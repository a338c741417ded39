/** Why there was nothing to read, in words for the district; reading's own codes are the roster's. */
const PROBLEMS: Readonly<Record<string, { readonly message: string; readonly fix: string }>> = {
  NO_FILE: {
    message: 'There was no file at the agreed place.',
    fix: 'Please upload it under exactly the agreed name.',
  },
  NOT_A_FILE: {
    message: 'At the agreed place there is a folder, not a file.',
    fix: 'Please remove the folder of that name and upload the file itself.',
  },
  FILE_CHANGED: {
    message: 'The file changed while we were fetching it.',
    fix: 'Please let the upload come to its end, then tell us on your page.',
  },
  SFTP_AUTH: {
    message: 'The SFTP server did not accept the user name and secret that we hold.',
    fix: 'If the password or the key was changed, support needs the new one.',
  },
  SFTP_HOST_KEY: {
    message: 'The SFTP server showed another host key than the one agreed, so we did not log in.',
    fix: 'If the server was moved or renewed, support needs its new fingerprint.',
  },
  SFTP_PATH: {
    message: 'The folder on the SFTP server could not be opened.',
    fix: 'Please check that it exists and that our user may read it.',
  },
  SFTP_SECRET: {
    message: 'The secret for the SFTP server is missing in our own settings.',
    fix: 'Support has to mend this.',
  },
};

export function problemWords(code: string | null): { message: string; fix: string } {
  return (
    PROBLEMS[code ?? ''] ?? {
      message: `The file could not be used (${code ?? 'unknown'}).`,
      fix: 'Please export it again and upload it under the same name.',
    }
  );
}

/** The same for support, about a folder that cannot be looked at. */
export const lookWords = (code: string | null): string =>
  PROBLEMS[code ?? '']?.message ?? 'The server does not answer, or not as it should.';
