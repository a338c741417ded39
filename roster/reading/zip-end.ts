/** The end of a zip archive, where one program writes more of it than there needs to be. */

const LENGTH = 22;
const LOCATOR_LENGTH = 20;
const WIDE_LENGTH = 56;
const SPARE = WIDE_LENGTH + LOCATOR_LENGTH;

/**
 * What Info-ZIP packs from a pipe has the 64-bit end of the directory before the plain one, which
 * says it all. zip.js takes it for stray bytes, so it is left out here where both say the same;
 * otherwise the archive comes back as it is. (zip.js 2.24.0, Info-ZIP 3.0.)
 */
export function withoutSpareEnd(archive: Uint8Array): Uint8Array {
  const at = archive.length - SPARE - LENGTH;
  if (at < 0) return archive;
  const view = new DataView(archive.buffer, archive.byteOffset + at, SPARE + LENGTH);
  const wide = (place: number): number => Number(view.getBigUint64(place, true));
  const isSpare =
    view.getUint32(0, true) === 0x06064b50 &&
    view.getUint32(WIDE_LENGTH, true) === 0x07064b50 &&
    view.getUint32(SPARE, true) === 0x06054b50 &&
    wide(WIDE_LENGTH + 8) === at &&
    // How many files, how long their directory is, and where it begins.
    wide(32) === view.getUint16(SPARE + 10, true) &&
    wide(40) === view.getUint32(SPARE + 12, true) &&
    wide(48) === view.getUint32(SPARE + 16, true);
  if (!isSpare) return archive;
  const rest = archive.slice(0, at + LENGTH);
  rest.set(archive.subarray(at + SPARE), at);
  return rest;
}
