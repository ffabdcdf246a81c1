import type { Host } from '../../telemetry/host.js';
import type { StreamStatus } from '../events/event-decision.js';
import { SetError } from '../events/set-error.js';
import { healthOf, type StreamHealth } from './stream-health.js';
import type { StreamState, StreamStates } from './stream-states.js';
import type { StreamTerms } from './stream-terms.js';
import type { MetadataSource } from './transmitter-metadata.js';

/** How often it is read what other replicas know of a stream. In milliseconds. */
export const READ_EVERY_MS = 2_000;

/** How often it is written that an event was received: each time would be a write for each event. In milliseconds. */
const RECEIVED_EVERY_MS = 10_000;

/** What {@link Streams} works with. */
export interface StreamsParts extends Pick<Host, 'clock' | 'logger' | 'audit'> {
  readonly states: StreamStates;
}

/** One stream at this replica. */
interface KeptStream {
  readonly issuerId: string;
  readonly terms: StreamTerms;
  readonly metadata: MetadataSource | undefined;
  readonly sinceMs: number;
  state: StreamState;
  heardAtMs: number;
  health: StreamHealth;
}

/** An operator's view of one stream. */
export interface StreamView {
  readonly id: string;
  readonly health: StreamHealth;
  readonly state: StreamState;
}

const noMembers: ReadonlySet<string> = new Set();

/**
 * The state of each stream of security events, which all replicas share: whether it is alive, whether an operator holds it, what its
 * transmitter does with it. Each replica keeps the latest in memory, so that nothing waits for Redis to know it.
 */
export class Streams {
  private readonly kept = new Map<string, KeptStream>();

  constructor(private readonly parts: StreamsParts) {}

  /** From now on the stream has to be alive. @param issuerId of the issuer whose users its events are about */
  keep(issuerId: string, terms: StreamTerms, metadata: MetadataSource | undefined): void {
    const known = this.kept.get(terms.id);
    const sinceMs = this.parts.clock.wallMs();
    this.kept.set(terms.id, {
      state: {},
      heardAtMs: Number.NEGATIVE_INFINITY,
      health: 'up',
      ...known,
      issuerId,
      terms,
      metadata,
      sinceMs,
    });
  }

  forget(id: string): void {
    this.kept.delete(id);
  }

  /** All that are kept, in the order of the file. */
  views(): readonly StreamView[] {
    return [...this.kept.values()].map(({ terms, health, state }) => ({ id: terms.id, health, state }));
  }

  viewOf(id: string): StreamView | undefined {
    return this.views().find((view) => view.id === id);
  }

  /** Whether events of this issuer may not arrive. Where an operator holds the stream, somebody has decided that: it does not count. */
  mayMissEvents(issuerId: string): boolean {
    for (const kept of this.kept.values()) {
      if (kept.issuerId === issuerId && kept.health !== 'up' && kept.health !== 'held') return true;
    }
    return false;
  }

  /** Members of subjects that must be understood; undefined: not known yet. */
  criticalMembersOf({ id, transmitter }: StreamTerms): ReadonlySet<string> | undefined {
    return transmitter === undefined ? noMembers : this.kept.get(id)?.metadata?.current?.criticalMembers;
  }

  /** Whether an operator lets nothing in. */
  isHeld(id: string): boolean {
    return (this.kept.get(id)?.state.heldBy ?? '') !== '';
  }

  /** Reads what other replicas know. Never rejects. */
  async read(id: string): Promise<void> {
    const kept = this.kept.get(id);
    if (!kept) return;
    const state = await this.parts.states.read(id).catch(() => kept.state);
    this.adopt(kept, state);
  }

  /** An operator lets nothing in, or lets it in again. @throws {RedisUnavailable} */
  async hold(id: string, by: string, isHeld: boolean): Promise<boolean> {
    const kept = this.kept.get(id);
    if (!kept) return false;
    const news = { heldBy: isHeld ? by : '' };
    await this.parts.states.update(id, news);
    this.adopt(kept, { ...kept.state, ...news });
    return true;
  }

  /** An event was taken. */
  received(id: string): void {
    const kept = this.kept.get(id);
    const heardAtMs = this.parts.clock.wallMs();
    if (!kept || heardAtMs - kept.heardAtMs < RECEIVED_EVERY_MS) return;
    kept.heardAtMs = heardAtMs;
    // What is lost of it is said by the next event.
    void this.parts.states.update(id, { heardAtMs }).catch(() => undefined);
  }

  /**
   * The transmitter says that the stream is alive.
   * @param state the word that it was asked with
   * @returns an error where it was asked with another one
   */
  async verified({ id, verifyMs }: StreamTerms, state: string | undefined): Promise<SetError | undefined> {
    const { askedState } = await this.parts.states.read(id);
    // Who never asks does not know what others have asked with, as an operator of the transmitter.
    if (verifyMs !== undefined && state !== undefined && state !== askedState) {
      return new SetError('invalid_state', 'state is not the one that was asked with');
    }
    await this.update(id, { verifiedAtMs: this.parts.clock.wallMs() });
    return undefined;
  }

  /** The transmitter says what it does with the stream. @throws {RedisUnavailable} */
  async updated({ id }: StreamTerms, status: StreamStatus): Promise<void> {
    const { status: before, statusAtMs } = await this.parts.states.read(id);
    await this.update(id, { status, statusAtMs: this.parts.clock.wallMs() });
    this.parts.audit.record('signal_stream', { signal: id, status });
    if (before !== 'disabled' || status === 'disabled') return;
    const from = statusAtMs === undefined ? undefined : new Date(statusAtMs).toISOString();
    const fields = { stream: id, from, to: new Date(this.parts.clock.wallMs()).toISOString() };
    this.parts.logger.warn(
      fields,
      'the transmitter had disabled the stream: it does not send the events of that time again (fields from and to)',
    );
  }

  private async update(id: string, news: StreamState): Promise<void> {
    await this.parts.states.update(id, news);
    const kept = this.kept.get(id);
    if (kept) this.adopt(kept, { ...kept.state, ...news });
  }

  private adopt(kept: KeptStream, state: StreamState): void {
    const { terms, sinceMs } = kept;
    const { poll, verifyMs } = terms;
    const expected = { sinceMs, pollMs: poll?.everyMs, verifyMs };
    const health = healthOf(state, expected, this.parts.clock.wallMs());
    const before = kept.health;
    kept.state = state;
    kept.health = health;
    if (health === before) return;
    const fields = { stream: terms.id, health, before };
    if (health === 'up') this.parts.logger.info(fields, 'the stream is up again');
    else this.parts.logger.warn(fields, 'the stream is not up: events of its transmitter may not arrive');
  }
}
