/** Why a file could not be taken at all, and how to mend it, for the district. */
import type { FileProblem } from '../../workflows/contract.js';

export interface Advice {
  readonly message: string;
  readonly fix: string;
}

export const PROBLEMS: Readonly<Record<FileProblem, Advice>> = {
  NO_FILE: {
    message: 'There was no file at the agreed place.',
    fix: 'Upload it with exactly the file name given under “How to upload”.',
  },
  NOT_A_FILE: {
    message: 'At the agreed place there is a folder, not a file.',
    fix: 'Remove the folder of that name and upload the file itself.',
  },
  EMPTY_FILE: {
    message: 'The file is empty.',
    fix: 'Export it again, look into it before you upload it, and upload it once more.',
  },
  HEADER_ONLY: {
    message: 'The file has column names but no rows.',
    fix: 'Check the filter of your export, then export and upload again. Nobody was removed.',
  },
  COLUMN_MISSING: {
    message: 'A column that we need is missing.',
    fix: 'Compare the first line of your file with the sample file; the names must be the same.',
  },
  COLUMN_DUPLICATE: {
    message: 'A column stands in the file twice.',
    fix: 'Keep one of the two and upload again.',
  },
  NOT_TEXT: {
    message: 'The file is not a text file; perhaps it is a workbook or a zip.',
    fix: 'Save it as “CSV UTF-8 (comma delimited)” and upload that.',
  },
  NOT_CSV: {
    message: 'The file could not be read as CSV; a quotation mark may be missing.',
    fix: 'Export it again as “CSV UTF-8 (comma delimited)” rather than editing it by hand.',
  },
  FILTER_EMPTY: {
    message: 'None of its classes is among those that were agreed for your district.',
    fix: 'If ids of schools or classes, or addresses of teachers, have changed, tell support. Nobody was removed.',
  },
  FILE_CHANGED: {
    message: 'The file changed while we were reading it.',
    fix: 'Nothing is lost. Let the upload finish; we try again with the file that then lies there.',
  },
  SFTP_AUTH: {
    message: 'The SFTP server did not let us in with the user name and secret that we hold.',
    fix: 'If the password or key changed, tell support.',
  },
  SFTP_HOST_KEY: {
    message: 'The SFTP server showed another host key than the one agreed, so we did not log in.',
    fix: 'If the server was moved or renewed, tell support its new fingerprint.',
  },
  SFTP_PATH: {
    message: 'The folder on the SFTP server could not be opened.',
    fix: 'Check that the folder exists and that our user may read it.',
  },
  SFTP_SECRET: {
    message: 'Our own settings for the SFTP server are incomplete.',
    fix: 'There is nothing for you to do; support has to mend this.',
  },
};
