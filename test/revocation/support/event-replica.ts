import type { Caller } from '../../../src/callers/caller.js';
import { ChangeLog } from '../../../src/changes/change-log.js';
import type { ChangeStore } from '../../../src/changes/change-store.js';
import { compileClaimNames, usualNames } from '../../../src/claims/claim-names.js';
import { EventReader } from '../../../src/introspection/events/event-reader.js';
import { OpenPolls } from '../../../src/introspection/events/open-polls.js';
import { ConfiguredIssuers } from '../../../src/issuers/configured-issuers.js';
import { RecordMac } from '../../../src/redis/record-mac.js';
import { SharedDecisionEvents } from '../../../src/revocation/events/decision-events.js';
import { KnownRevocations } from '../../../src/revocation/tokens/known-revocations.js';
import { LoggedRevocations } from '../../../src/revocation/tokens/logged-revocations.js';
import { idOf, type RevocationKind } from '../../../src/revocation/tokens/revocation.js';
import { Revocations } from '../../../src/revocation/tokens/revocations.js';
import type { JsonObject } from '../../../src/shared/json-value.js';
import { OAuthError } from '../../../src/transport/oauth-error.js';
import { anIssuer } from '../../builders/an-issuer.js';
import type { FakeClock } from '../../fakes/fake-clock.js';
import { RecordingAudit } from '../../fakes/recording-audit.js';
import { testEnvironment, testRecordKey } from '../../redis/a-redis-key-store.js';

const by = { by: 'ops', reason: 'stolen' };
export const corp = anIssuer();
export const shop = anIssuer({
  id: 'shop',
  issuer: 'https://shop.example',
  names: compileClaimNames({ ...usualNames, subjectClaim: 'oid' }),
});
/** May see all of corp. */
export const caller: Caller = { id: 'orders', issuers: new Set(['corp']), audiences: 'any', claims: 'any' };
/** May see `sub`, of both. */
export const clerk: Caller = {
  id: 'clerk',
  issuers: new Set(['corp', 'shop']),
  audiences: 'any',
  claims: new Set(['sub']),
};
const nobody = new AbortController().signal;

/** What a caller got. */
export interface Answer {
  readonly events: readonly (JsonObject & { readonly seq: number; readonly kind: string; readonly verdict: string })[];
  readonly next: number;
}

/** One process, as far as events go. */
export class EventReplica {
  readonly polls: OpenPolls<JsonObject>;
  private readonly reader: EventReader;
  private readonly revocations: Revocations;
  private readonly log: ChangeLog;
  private readonly shared: LoggedRevocations;

  private constructor(
    store: ChangeStore,
    private readonly clock: FakeClock,
  ) {
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    this.log = new ChangeLog({ store, mac, clock, random: () => 0, onRefused: () => undefined });
    const events = new SharedDecisionEvents(this.log);
    const known = new KnownRevocations();
    this.shared = new LoggedRevocations({ log: this.log, known, clock });
    this.revocations = new Revocations({
      known,
      shared: this.shared,
      registrations: () => new Set([corp.id, shop.id]),
      clock,
      audit: new RecordingAudit(),
    });
    const issuers = new ConfiguredIssuers();
    issuers.replace([corp, shop]);
    this.polls = new OpenPolls(clock);
    this.reader = new EventReader({ events, issuers, polls: this.polls, clock });
  }

  static async start(store: ChangeStore, clock: FakeClock): Promise<EventReplica> {
    const replica = new EventReplica(store, clock);
    await replica.log.start();
    replica.shared.start();
    return replica;
  }

  stop(): void {
    this.log.stop();
    this.shared.stop();
  }

  async revoke(kind: RevocationKind, value: string, issuer = corp): Promise<string> {
    const before = kind === 'token' || kind === 'session' ? 0 : Math.floor(this.clock.wallMs() / 1_000);
    const order = { issuer, scope: { issuer: issuer.id }, kind, value, before, ...by };
    return idOf((await this.revocations.revoke(order)).decision);
  }

  allow(id: string): Promise<unknown> {
    return this.revocations.allow(corp, id, by);
  }

  events(after?: number, waitSeconds = 0, who = caller, gone = nobody): Promise<Answer> {
    const query = { waitMs: waitSeconds * 1_000, ...(after !== undefined && { after }) };
    return this.reader.read(who, query, gone) as unknown as Promise<Answer>;
  }
}

/** The status that a request got. */
export function refusal(answer: Promise<unknown>): Promise<number> {
  return answer.then(
    () => 200,
    (error: unknown) => (error as OAuthError).status,
  );
}
