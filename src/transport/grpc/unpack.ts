import { status } from '@grpc/grpc-js';
import { createGunzip, createInflate } from 'node:zlib';
import type { EarlyEnd } from './early-end.js';
import { MessageTooLarge } from './message-decoder.js';

/** How a message may be packed (`grpc-encoding`). */
const unpackers = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
]);

/** The message cannot be unpacked: what the library makes a status of. */
export class NotUnpacked extends Error {
  constructor(
    readonly code: status,
    readonly details: string,
  ) {
    super(details);
  }
}

/**
 * Unpacks one message, and no more of it than its endpoint takes.
 * @param occupy hears after each piece how many bytes there are
 * @throws {NotUnpacked}
 */
export async function unpack(
  packed: Buffer,
  encoding: string,
  { limit, occupy }: { readonly limit: number; readonly occupy: (bytes: number) => void },
): Promise<Buffer> {
  if (encoding === 'identity') return packed;
  const create = unpackers.get(encoding);
  if (!create) throw new NotUnpacked(status.UNIMPLEMENTED, 'the message is packed in a way that is not known here');
  const unpacker = create();
  unpacker.end(packed);
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of unpacker as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > limit) break;
      occupy(bytes);
      pieces.push(piece);
    }
  } catch {
    throw new NotUnpacked(status.INTERNAL, 'the message cannot be unpacked');
  }
  if (bytes > limit) throw new NotUnpacked(status.RESOURCE_EXHAUSTED, new MessageTooLarge().message);
  return Buffer.concat(pieces);
}

/** As what a call ends early whose message cannot be unpacked. */
export function reasonOf({ code }: NotUnpacked): EarlyEnd {
  return code === status.RESOURCE_EXHAUSTED ? 'too_large' : 'not_unpacked';
}
