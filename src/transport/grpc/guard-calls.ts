/** Bounds what the calls that the library answers may take and occupy, where it has no such bound. */
import {
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
  type ServerListener,
  type StatusObject,
} from '@grpc/grpc-js';
import type { ServerHttp2Stream } from 'node:http2';
import type { CallContext, CallTerms } from './call-terms.js';
import { earlyEndOf, type EarlyEnd } from './early-end.js';
import { MessageDecoder, PREFIX_BYTES } from './message-decoder.js';
import type { MessagePlace } from './message-room.js';
import { NotUnpacked, reasonOf, unpack } from './unpack.js';

/** How a call ends, as the library has it. */
type Ending = Partial<Omit<StatusObject, 'metadata'>> & { readonly metadata?: StatusObject['metadata'] | null };

/** The library's call. It has no public way to these members; a test holds the library to them. */
interface LibraryCall {
  readonly stream: ServerHttp2Stream;
  decoder: Pick<MessageDecoder, 'write'>;
  decompressMessage: (message: Buffer, encoding: string) => Promise<Buffer> | Buffer;
  sendStatus(status: Ending): void;
  getDeadline(): Date | number;
}

/**
 * Stands between the library and every call. The library has one limit for all messages of a server, none for what they
 * occupy together, and ends calls in silence before any code of ours has them: so each method gets a limit of its own, all
 * unfinished messages have one room, and whatever ends early is counted.
 */
export function guardCalls(context: CallContext): ServerInterceptor {
  return ({ path, requestStream }, call) => {
    const terms = context.terms.get(path);
    const ofLibrary = call as unknown as LibraryCall;
    // Open calls are better refused than unbounded.
    if (!terms || !(ofLibrary.decoder as unknown)) throw new TypeError('the gRPC library is not as it was');
    const listener = new GuardedCall(ofLibrary, terms, { ...context, isStream: requestStream }).listener();
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
    private readonly context: Pick<CallContext, 'room' | 'clock'> & { readonly isStream: boolean },
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

  private refuse(reason: EarlyEnd, error: Ending): void {
    if (this.isOver) return;
    // To the library a client that has gone has ended its message.
    if (!this.isOurs) this.terms.endedEarly(this.call.stream.aborted ? 'cancelled' : reason);
    this.end(error);
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
