import { Metadata, status, type sendUnaryData, type StatusObject } from '@grpc/grpc-js';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Timer } from '../../shared/clock.js';
import type { CallContext } from './call-terms.js';
import { timeoutMsOf } from './call-timeout.js';
import type { EarlyEnd } from './early-end.js';
import { MessageDecoder, MessageTooLarge, PREFIX_BYTES } from './message-decoder.js';
import type { MessagePlace } from './message-room.js';
import { authContextOfStream, peerOfStream, type AuthContext } from './peer-of-stream.js';
import { sendAnswer, sendStatus } from './unary-answer.js';
import type { ReceivedCall, UnaryMethod } from './unary-method.js';
import { NotUnpacked, reasonOf, unpack } from './unpack.js';

type Refusal = Partial<StatusObject>;

/** What is wrong with a stream is said by its end. */
const ignore = (): void => undefined;

/**
 * One call, from its headers until it is over. A call that ends before its method is called is counted, and answered in the way that its
 * service has chosen for errors.
 */
export class UnaryCall implements ReceivedCall<object, object> {
  request: object = {};
  readonly metadata: Metadata;
  private readonly place: MessagePlace;
  private readonly decoder: MessageDecoder;
  private readonly peer: string;
  private deadlineMs = Infinity;
  private timer: Timer | undefined;
  /** With its prefix. */
  private message: Buffer | undefined;
  private isBegun = false;
  private isOver = false;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly headers: IncomingHttpHeaders,
    private readonly method: UnaryMethod,
    private readonly context: Pick<CallContext, 'room' | 'clock'>,
  ) {
    this.metadata = Metadata.fromHttp2Headers(headers);
    this.peer = peerOfStream(stream);
    this.place = context.room.place(() => {
      this.refuse('no_room', { code: status.RESOURCE_EXHAUSTED, details: 'too many unfinished messages' });
    });
    this.decoder = new MessageDecoder({ limit: method.terms.messageBytes, isStream: false }, this.place);
  }

  /** Reads the call, and has it answered when its message is whole. */
  begin(): void {
    const { stream } = this;
    const receive = (data: Buffer): void => {
      this.receive(data);
    };
    stream.on('error', ignore);
    stream.on('data', receive);
    stream.once('end', () => {
      // To Node, a client that has gone has ended its message.
      if (!stream.aborted) this.endMessage();
    });
    stream.once('close', () => {
      if (!this.isOver && !this.isBegun) this.method.terms.endedEarly('cancelled');
      this.leave();
      // Node keeps a closed stream until the next large collection, and with it all that its listeners refer to.
      stream.off('data', receive);
    });
    this.limitTime();
  }

  get cancelled(): boolean {
    return this.isOver || this.stream.destroyed;
  }

  getPeer(): string {
    return this.peer;
  }

  getPath(): string {
    return this.method.path;
  }

  getDeadline(): number {
    return this.deadlineMs;
  }

  getAuthContext(): AuthContext {
    return authContextOfStream(this.stream);
  }

  private limitTime(): void {
    const { clock } = this.context;
    const timeoutMs = timeoutMsOf(this.headers['grpc-timeout']);
    if (timeoutMs === undefined) {
      this.refuse('malformed', { code: status.INTERNAL, details: 'the timeout cannot be read' });
      return;
    }
    if (timeoutMs === Infinity) return;
    this.deadlineMs = clock.wallMs() + timeoutMs;
    this.timer = clock.after(timeoutMs, () => {
      this.refuse('deadline', { code: status.DEADLINE_EXCEEDED, details: 'the deadline has passed' });
    });
  }

  private receive(data: Buffer): void {
    try {
      for (const message of this.decoder.write(data)) {
        if (this.message) this.refuse('malformed', { code: status.UNIMPLEMENTED, details: 'more than one message' });
        this.message ??= message;
      }
    } catch (error) {
      if (!(error instanceof MessageTooLarge)) throw error;
      this.refuse('too_large', { code: status.RESOURCE_EXHAUSTED, details: error.message });
    }
  }

  private endMessage(): void {
    if (this.isOver) return;
    const { message } = this;
    if (!message) this.refuse('malformed', { code: status.UNIMPLEMENTED, details: 'no message' });
    else if (message[0] === 1) void this.unpack(message.subarray(PREFIX_BYTES));
    else this.answer(message.subarray(PREFIX_BYTES));
  }

  private async unpack(packed: Buffer): Promise<void> {
    const occupy = (bytes: number): void => {
      if (!this.isOver) this.place.occupy(packed.length + PREFIX_BYTES + bytes);
    };
    const { messageBytes: limit } = this.method.terms;
    try {
      const message = await unpack(packed, String(this.headers['grpc-encoding'] ?? 'identity'), { limit, occupy });
      this.answer(message);
    } catch (error) {
      if (!(error instanceof NotUnpacked)) throw error;
      this.refuse(reasonOf(error), error);
    }
  }

  private answer(message: Buffer): void {
    // A call whose deadline has passed is not begun: its timer is about to end it.
    if (this.isOver || this.deadlineMs <= this.context.clock.wallMs()) return;
    this.isBegun = true;
    this.place.leave();
    this.request = this.method.requestDeserialize(message);
    try {
      this.method.answer(this, this.answered);
    } catch {
      this.fail();
    }
  }

  private readonly answered: sendUnaryData<object> = (error, answer, trailers) => {
    try {
      if (error) this.refuse('malformed', error);
      else this.send(answer ?? {}, trailers);
    } catch {
      this.fail();
    }
  };

  private fail(): void {
    this.refuse('malformed', { code: status.INTERNAL, details: 'internal error' });
  }

  /** Ends the call with an error, or with what its method answers instead. */
  private refuse(reason: EarlyEnd, refusal: Refusal): void {
    if (this.isOver) return;
    const { insteadOfError, terms } = this.method;
    if (!this.isBegun) terms.endedEarly(reason);
    if (insteadOfError) {
      this.send(insteadOfError(this.isBegun ? 'failed' : reason));
      return;
    }
    this.leave();
    if (!this.stream.destroyed && !this.stream.closed) sendStatus(this.stream, refusal);
  }

  private send(answer: object, trailers?: Metadata): void {
    if (this.isOver) return;
    const message = this.method.responseSerialize(answer);
    this.leave();
    if (!this.stream.destroyed && !this.stream.closed) sendAnswer(this.stream, message, trailers);
  }

  private leave(): void {
    this.isOver = true;
    this.timer?.cancel();
    this.decoder.stop();
    this.place.leave();
  }
}
