/**
 * What passes for an address in a roster. The same spirit as `z.email()`: the addresses that
 * school systems make, not all that the mail standards allow. Written out, because it runs
 * once for every distinct cell of a file and must not be able to backtrack.
 */

/** SMTP allows no longer path (RFC 5321, erratum 1690). */
export const EMAIL_MAX = 254;
const LOCAL_MAX = 64;

const LOCAL_PART = /^[a-z0-9_'+\-&]+(?:\.[a-z0-9_'+\-&]+)*$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const TOP_LABEL = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,57}[a-z0-9])$/i;

/** Whether a trimmed text has the form of an address: ASCII, one @, a domain with a dot. */
export function isEmail(text: string): boolean {
  if (text.length > EMAIL_MAX) return false;
  const at = text.indexOf('@');
  if (at < 1 || at > LOCAL_MAX) return false;
  if (!LOCAL_PART.test(text.slice(0, at))) return false;
  const labels = text.slice(at + 1).split('.');
  const top = labels.pop()!;
  return labels.length > 0 && TOP_LABEL.test(top) && labels.every((label) => LABEL.test(label));
}
