/** Makes zip archives, honest and other. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface Packed {
  /** Bytes, where it is not in UTF-8. */
  readonly name: string | Uint8Array;
  readonly content: Uint8Array | string;
  readonly stored?: boolean;
  /** Sizes and checksum stand behind the content, as they do where an archive is streamed. */
  readonly streamed?: boolean;
  /** What the archive claims; the truth if it is left out. */
  readonly claims?: Claims;
  /** What the file's own header claims, where it is not what the directory does. */
  readonly localClaims?: Claims & { readonly name?: string };
}

interface Claims {
  readonly size?: number;
  readonly packed?: number;
  readonly crc?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Where the file's header is. */
  readonly offset?: number;
}

const UTF8_NAME = 0x800;
const STREAMED = 8;

/** As PKWARE's APPNOTE has it: local headers and contents, then the directory. */
export function zip(...files: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored, streamed, claims = {}, localClaims = {} } of files) {
    const bytes = Buffer.from(content as Uint8Array);
    const packed = stored === true ? bytes : deflateRawSync(bytes);
    const truth = {
      size: bytes.length,
      packed: packed.length,
      crc: crc32(bytes),
      flags: (typeof name === 'string' ? UTF8_NAME : 0) | (streamed === true ? STREAMED : 0),
      method: stored === true ? 0 : 8,
      offset,
      ...claims,
    };
    const nameBytes = Buffer.from(name as string);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(truth.offset, 10);
    directory.push(
      Buffer.from('PK\u0001\u0002\u0014\0'),
      entry(truth, nameBytes),
      place,
      nameBytes,
    );
    const later = streamed === true ? { size: 0, packed: 0, crc: 0 } : {};
    const localName = Buffer.from(localClaims.name ?? nameBytes);
    const local = [
      Buffer.from('PK\u0003\u0004'),
      entry({ ...truth, ...later, ...localClaims }, localName),
      localName,
      packed,
      ...(streamed === true ? [descriptor({ ...truth, ...localClaims })] : []),
    ];
    parts.push(...local);
    offset += Buffer.concat(local).length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\u0005\u0006'), end]);
}

/** What a file's header and its line of the directory have in common. */
function entry(says: Required<Claims>, name: Buffer): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(20, 0);
  bytes.writeUInt16LE(says.flags, 2);
  bytes.writeUInt16LE(says.method, 4);
  bytes.writeUInt32LE(says.crc, 10);
  bytes.writeUInt32LE(says.packed, 14);
  bytes.writeUInt32LE(says.size, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function descriptor(says: Required<Claims>): Buffer {
  const bytes = Buffer.from('PK\u0007\u0008............');
  bytes.writeUInt32LE(says.crc, 4);
  bytes.writeUInt32LE(says.packed, 8);
  bytes.writeUInt32LE(says.size, 12);
  return bytes;
}
