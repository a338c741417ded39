/** Windows-1252 to text. */

/** What stands at 0x80 to 0x9f. Five bytes mean nothing and stay the control characters they are. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0080-\u009f]/g;

const decoder = new TextDecoder('windows-1252');

/**
 * One character a byte. Some releases of Node read the label as plain Latin-1, where these bytes
 * are control characters; the second step makes both the same.
 */
export const windows1252 = (bytes: Uint8Array): string =>
  decoder.decode(bytes).replace(CONTROLS, (char) => HIGH[char.charCodeAt(0) - 0x80]!);
