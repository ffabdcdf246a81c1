/** Serves `grpc.health.v1`, so that clients and load balancers learn from a stream when to go elsewhere. */
import { status, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Clock, Timer } from '../shared/clock.js';
import type { GrpcService } from '../transport/grpc/grpc-service.js';
import { isReadable } from '../transport/grpc/readable.js';
import { Proto } from '../transport/grpc/load-proto.js';

/** How often readiness is checked, in milliseconds: as often as an eager probe would. */
const CHECK_MS = 500;

/** How long watchers may take to receive the last status, in milliseconds. */
const FAREWELL_MS = 500;

const proto = Proto.load('grpc/health/v1/health.proto');

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

const notReadable = { code: status.INVALID_ARGUMENT, details: 'the message cannot be read' };

type Watcher = ServerWritableStream<HealthRequest, HealthResponse>;

/**
 * `grpc.health.v1.Health`, for `""` (all of it) and the services by name; they are well or unwell together. It needs no
 * credentials (RGRPCH-02). Not the implementation of the `grpc-health-check` package: that one never ends a watch, so no shutdown would come to its end by itself.
 */
export class GrpcHealth {
  private readonly watchers = new Set<Watcher>();
  private readonly names: ReadonlySet<string>;
  private isServing = false;
  private isDraining = false;
  private nextCheck: Timer | undefined;

  /**
   * @param isReady says what `/readyz` says
   * @param services full names
   */
  constructor(
    private readonly isReady: () => boolean,
    services: readonly string[],
    private readonly clock: Clock,
  ) {
    this.names = new Set(['', ...services]);
    this.follow();
  }

  /** To be put behind the listener. */
  get service(): GrpcService {
    const methods = { check: this.check, watch: this.watch, list: this.list };
    return { name: 'grpc.health.v1.Health', proto, methods };
  }

  /** NOT_SERVING from now on. Resolves when all watchers know, or have had their time. */
  async drain(): Promise<void> {
    this.isDraining = true;
    this.nextCheck?.cancel();
    this.update();
    const goodbyes = [...this.watchers].map((watcher) => {
      watcher.end();
      // The library's word for "over", also when it ended well.
      return once(watcher, 'cancelled').catch(() => undefined);
    });
    const patience = new AbortController();
    await Promise.race([Promise.all(goodbyes), this.clock.sleep(FAREWELL_MS, patience.signal)]);
    patience.abort();
    // What was written leaves in this turn of the event loop; what follows must not overtake it.
    await setImmediate();
  }

  private follow(): void {
    this.update();
    this.nextCheck = this.clock.after(CHECK_MS, () => {
      this.follow();
    });
  }

  /** Brings the status up to date, and sends watchers a change. */
  private update(): void {
    const isServing = !this.isDraining && this.isReady();
    if (isServing === this.isServing) return;
    this.isServing = isServing;
    for (const watcher of this.watchers) watcher.write(this.healthOf(watcher.request.service));
  }

  private healthOf(service: string): HealthResponse {
    if (!this.names.has(service)) return { status: 'SERVICE_UNKNOWN' };
    return { status: this.isServing ? 'SERVING' : 'NOT_SERVING' };
  }

  private readonly check = (
    { request }: ServerUnaryCall<HealthRequest, HealthResponse>,
    answer: sendUnaryData<HealthResponse>,
  ): void => {
    this.update();
    const { service } = request;
    if (!isReadable(request)) answer(notReadable);
    else if (this.names.has(service)) answer(null, this.healthOf(service));
    else answer({ code: status.NOT_FOUND, details: 'there is no such service' });
  };

  private readonly watch = (watcher: Watcher): void => {
    this.update();
    if (!isReadable(watcher.request)) {
      watcher.emit('error', notReadable);
      return;
    }
    watcher.write(this.healthOf(watcher.request.service));
    if (this.isDraining) {
      watcher.end();
      return;
    }
    this.watchers.add(watcher);
    watcher.on('cancelled', () => this.watchers.delete(watcher));
  };

  private readonly list = (
    _call: ServerUnaryCall<object, object>,
    answer: sendUnaryData<Readonly<Record<'statuses', Readonly<Record<string, HealthResponse>>>>>,
  ): void => {
    this.update();
    answer(null, { statuses: Object.fromEntries([...this.names].map((name) => [name, this.healthOf(name)])) });
  };
}
