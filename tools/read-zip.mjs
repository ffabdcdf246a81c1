// Reads one file out of a zip archive (PKWARE APPNOTE 4.3): Debian does not have `unzip` unless asked, and Node has only the compression.
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * @param zip the bytes of the archive
 * @param name of the file in it
 * @throws {Error} where there is no such file, or it is packed in another way than everybody packs
 */
export function readZip(zip, name) {
  const entry = entriesOf(zip).find((each) => each.name === name);
  if (!entry) throw new Error(`no ${name} in the archive`);
  // The header before the data has a name and extra fields of its own lengths.
  const dataAt = entry.headerAt + 30 + zip.readUInt16LE(entry.headerAt + 26) + zip.readUInt16LE(entry.headerAt + 28);
  const packed = zip.subarray(dataAt, dataAt + entry.packedBytes);
  if (entry.method === STORED) return packed;
  if (entry.method === DEFLATED) return inflateRawSync(packed);
  throw new Error(`${name} is packed with method ${entry.method}`);
}

function entriesOf(zip) {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('not a zip archive');
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameBytes),
      method: zip.readUInt16LE(at + 10),
      packedBytes: zip.readUInt32LE(at + 20),
      headerAt: zip.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}
