import type { MessagePlace } from './message-room.js';

/** A flag and a length stand before each message. */
export const PREFIX_BYTES = 5;

/** What is kept at first of a message that comes in pieces, in bytes. */
const FIRST_BYTES = 1024;

/** The message is longer than its endpoint takes, or becomes so when it is unpacked. The library makes a status of the text. */
export class MessageTooLarge extends Error {
  constructor() {
    super('the message is too large');
  }
}

/**
 * Puts the messages of one call together, in place of the library's decoder: with a limit for each endpoint, judged by the
 * length prefix, before anything of the message is kept. Pieces are copied, because a piece of one byte keeps the whole
 * packet that it came in.
 */
export class MessageDecoder {
  private readonly prefix = Buffer.alloc(PREFIX_BYTES);
  private prefixBytes = 0;
  private message: Buffer = Buffer.alloc(0);
  private filled = 0;
  private messages = 0;
  private isStopped = false;

  /** @param isStream whether a call may have more than one message */
  constructor(
    private readonly terms: { readonly limit: number; readonly isStream: boolean },
    private readonly place: MessagePlace,
  ) {}

  /** From now on nothing is kept or given back. */
  stop(): void {
    this.isStopped = true;
    this.message = Buffer.alloc(0);
  }

  /**
   * @returns the messages that are whole now, each with its prefix. Whatever follows the one message that a call may have is
   * given back as an empty one: enough to refuse the call
   * @throws {MessageTooLarge}
   */
  write(data: Buffer): Buffer[] {
    const whole: Buffer[] = [];
    let rest = data;
    while (rest.length > 0 && !this.isStopped) {
      if (this.messages === 1 && !this.terms.isStream) {
        this.stop();
        return [...whole, Buffer.alloc(PREFIX_BYTES)];
      }
      rest = rest.subarray(this.prefixBytes < PREFIX_BYTES ? this.readPrefix(rest) : this.readMessage(rest));
      if (this.prefixBytes < PREFIX_BYTES || this.filled < this.wholeBytes) continue;
      whole.push(this.message.subarray(0, this.filled));
      this.next();
    }
    return this.isStopped ? [] : whole;
  }

  private get wholeBytes(): number {
    return PREFIX_BYTES + this.prefix.readUInt32BE(1);
  }

  private readPrefix(data: Buffer): number {
    const read = data.copy(this.prefix, this.prefixBytes);
    this.prefixBytes += read;
    if (this.prefixBytes < PREFIX_BYTES) return read;
    if (this.prefix.readUInt32BE(1) > this.terms.limit) throw new MessageTooLarge();
    this.filled = PREFIX_BYTES;
    this.reserve(PREFIX_BYTES);
    this.prefix.copy(this.message);
    return read;
  }

  private readMessage(data: Buffer): number {
    const read = Math.min(data.length, this.wholeBytes - this.filled);
    this.reserve(this.filled + read);
    data.copy(this.message, this.filled, 0, read);
    this.filled += read;
    return read;
  }

  /** Twice as much as before where more is needed, and never more than the message will have. */
  private reserve(bytes: number): void {
    if (bytes <= this.message.length || this.isStopped) return;
    const wanted = Math.max(bytes, this.message.length * 2, FIRST_BYTES);
    const larger = Buffer.allocUnsafeSlow(Math.min(wanted, this.wholeBytes));
    this.message.copy(larger, 0, 0, this.filled);
    this.message = larger;
    this.place.occupy(larger.length);
  }

  private next(): void {
    this.messages++;
    this.prefixBytes = 0;
    this.filled = 0;
    // The one message of a call keeps its place until the call has ended, which it may never do.
    if (this.terms.isStream) this.place.leave();
    this.message = Buffer.alloc(0);
  }
}
