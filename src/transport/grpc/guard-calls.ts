/** Bounds what calls of gRPC may take and occupy, where the library has no such bound. */
import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
  type ServerListener,
  type StatusObject,
} from '@grpc/grpc-js';
import type { ServerHttp2Stream } from 'node:http2';
import type { Clock } from '../../shared/clock.js';
import { earlyEndOf, type EarlyEnd } from './early-end.js';
import { MessageDecoder } from './message-decoder.js';
import type { MessageRoom, MessagePlace } from './message-room.js';
import { NotUnpacked, unpack } from './unpack.js';

/** What one method takes, and how it refuses. */
export interface CallTerms {
  /** Longest message, also after it was unpacked, in bytes. */
  readonly messageBytes: number;
  /** The answer to send, with OK, where the call would end with an error. Absent: the error. */
  readonly insteadOfError?: (reason: EarlyEnd | 'failed') => object;
  /** Hears of a call that ended before our code had it. */
  readonly endedEarly: (reason: EarlyEnd) => void;
}

/** What all calls have in common. */
interface CallGuard {
  /** By path. */
  readonly terms: ReadonlyMap<string, CallTerms>;
  readonly room: MessageRoom;
  readonly clock: Clock;
}

/** How a call ends, as the library has it. */
type Ending = Partial<Omit<StatusObject, 'metadata'>> & { readonly metadata?: StatusObject['metadata'] | null };

/** The library's call. It has no public way to these members; a test holds the library to them. */
interface LibraryCall {
  readonly stream: ServerHttp2Stream;
  readonly metadataSent: boolean;
  decoder: Pick<MessageDecoder, 'write'>;
  decompressMessage: (message: Buffer, encoding: string) => Promise<Buffer> | Buffer;
  sendStatus(status: Ending): void;
  sendMessage(message: unknown, callback: () => void): void;
  getDeadline(): Date | number;
}

/** Of the library's framing: a flag and a length. */
const PREFIX_BYTES = 5;

/**
 * Stands between the library and every call. The library has one limit for all messages of a server, none for what they
 * occupy together, and ends calls in silence before any code of ours has them: so each method gets a limit of its own, all
 * unfinished messages have one room, and whatever ends early is counted, and answered as the method wants it.
 */
export function guardCalls(guard: CallGuard): ServerInterceptor {
  return ({ path, requestStream }, call) => {
    const terms = guard.terms.get(path);
    const ofLibrary = call as unknown as LibraryCall;
    // Open calls are better refused than unbounded.
    if (!terms || !(ofLibrary.decoder as unknown)) throw new TypeError('the gRPC library is not as it was');
    const listener = new GuardedCall(ofLibrary, terms, { ...guard, isStream: requestStream }).listener();
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next(listener);
      },
    });
  };
}

/** One call, from its head until our code has it, or it is over. */
class GuardedCall {
  private readonly place: MessagePlace;
  private readonly decoder: MessageDecoder;
  private readonly sendStatus: LibraryCall['sendStatus'];
  private isOurs = false;
  private isOver = false;
  private messages = 0;

  constructor(
    private readonly call: LibraryCall,
    private readonly terms: CallTerms,
    private readonly context: Pick<CallGuard, 'room' | 'clock'> & { readonly isStream: boolean },
  ) {
    const { room, isStream } = context;
    this.place = room.place(() => {
      this.refuse('no_room', { code: status.RESOURCE_EXHAUSTED, details: 'too many unfinished messages' });
    });
    this.decoder = new MessageDecoder({ limit: terms.messageBytes, isStream }, this.place);
    this.sendStatus = call.sendStatus.bind(call);
    call.decoder = this.decoder;
    call.decompressMessage = (message, encoding) => this.unpack(message.subarray(PREFIX_BYTES), encoding);
    call.sendStatus = (sent) => {
      const isGood = sent.code === undefined || sent.code === status.OK;
      if (isGood) this.end(sent);
      else this.refuse(sent instanceof NotUnpacked ? reasonOf(sent) : earlyEndOf(sent.code), sent);
    };
    call.stream.once('close', () => {
      if (!this.isOver && !this.isOurs) terms.endedEarly('cancelled');
      this.leave();
    });
  }

  listener(): ServerListener {
    return new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        this.isOurs ||= this.context.isStream;
        next(metadata);
      })
      .withOnReceiveMessage((message, next) => {
        this.messages++;
        if (!this.isOver) next(message);
      })
      .withOnReceiveHalfClose((next) => {
        // A call whose deadline has passed is not begun: the library is about to answer it.
        if (this.isOver || Number(this.call.getDeadline()) <= this.context.clock.wallMs()) return;
        this.isOurs ||= this.messages === 1;
        this.place.leave();
        next();
      })
      .build();
  }

  /** Ends the call with an error, or with what its method answers instead. */
  private refuse(reason: EarlyEnd, error: Ending): void {
    if (this.isOver) return;
    const { insteadOfError, endedEarly } = this.terms;
    // To the library a client that has gone has ended its message.
    if (!this.isOurs) endedEarly(this.call.stream.aborted ? 'cancelled' : reason);
    if (!insteadOfError || this.call.metadataSent) {
      this.end(error);
      return;
    }
    this.leave();
    this.call.sendMessage(insteadOfError(this.isOurs ? 'failed' : reason), () => {
      this.sendStatus({ code: status.OK, details: 'OK', metadata: null });
    });
  }

  private end(sent: Ending): void {
    if (this.isOver) return;
    this.leave();
    this.sendStatus(sent);
  }

  private leave(): void {
    this.isOver = true;
    this.decoder.stop();
    this.place.leave();
  }

  private unpack(packed: Buffer, encoding: string): Promise<Buffer> | Buffer {
    if (encoding === 'identity') return packed;
    const occupy = (bytes: number): void => {
      if (!this.isOver) this.place.occupy(packed.length + PREFIX_BYTES + bytes);
    };
    return unpack(packed, encoding, { limit: this.terms.messageBytes, occupy });
  }
}

function reasonOf({ code }: NotUnpacked): EarlyEnd {
  return code === status.RESOURCE_EXHAUSTED ? 'too_large' : 'not_unpacked';
}
