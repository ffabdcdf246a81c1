import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChangeLog } from '../../src/changes/change-log.js';
import { POLL_MS } from '../../src/changes/change-store.js';
import { RedisChangeStore } from '../../src/changes/redis-change-store.js';
import { RecordMac } from '../../src/redis/record-mac.js';
import type { RedisLink } from '../../src/redis/redis-link.js';
import { BothDeniedKeys } from '../../src/revocation/both-denied-keys.js';
import { DenyList } from '../../src/revocation/deny-list.js';
import { LoggedDeniedKeys } from '../../src/revocation/logged-denied-keys.js';
import { FormerDenials } from '../../src/revocation/redis-former-denials.js';
import { anIssuer } from '../builders/an-issuer.js';
import { aDecision } from '../conformance/denied-keys.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { connectedLink, testEnvironment, testNames, testRecordKey } from '../redis/a-redis-key-store.js';
import { RedisServer } from '../redis/redis-server.js';

const AHEAD_MS = 3_600_000;
const { issuerId, thumbprint } = aDecision();
const corp = anIssuer();

describe('a denial where the clock of another replica is an hour ahead', () => {
  let server: RedisServer;
  /** A read replica that has received nothing yet. */
  let behind: RedisServer;
  let links: readonly [RedisLink, RedisLink];
  let here: Replica;
  let ahead: Replica;

  beforeAll(async () => {
    server = await RedisServer.start();
    behind = await RedisServer.start();
    links = [await connectedLink({ url: server.url }), await connectedLink({ url: behind.url })];
  });

  beforeEach(async () => {
    await links[0].client.flushall();
    here = replicaOf({ reader: links[1] });
    ahead = replicaOf({ aheadMs: AHEAD_MS });
    for (const each of [here, ahead]) await each.log.read();
  });

  afterAll(async () => {
    for (const link of links) await link.close();
    for (const each of [server, behind]) await each.stop();
  });

  interface Terms {
    readonly aheadMs?: number;
    readonly reader?: RedisLink;
    /** Decisions are kept where the version before reads them as well. */
    readonly isBothVersions?: boolean;
  }

  interface Replica {
    readonly log: ChangeLog;
    readonly former: FormerDenials;
    readonly list: DenyList;
  }

  /** One that reads only when it is told to: what the other has done since is what no poll has brought yet. */
  function replicaOf({ aheadMs = 0, reader, isBothVersions = false }: Terms): Replica {
    const clock = new FakeClock();
    clock.stepWall(aheadMs);
    const [link] = links;
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    const store = new RedisChangeStore({ primary: link, reader, names: testNames });
    const log = new ChangeLog({ store, mac, clock, onRefused: () => undefined });
    const keys = new LoggedDeniedKeys({ log, clock });
    const former = new FormerDenials({ link, mac, clock, keys });
    const denied = isBothVersions ? new BothDeniedKeys(keys, former) : keys;
    const list = new DenyList({ store: denied, clock, audit: new RecordingAudit() });
    return { log, former, list };
  }

  const wish = { issuerId, thumbprint, reason: 'stolen', by: 'ops' };
  const isDeniedAt = ({ list }: Replica) => list.denialOf(issuerId, thumbprint) !== undefined;

  it('holds against an allowance since the last poll, which a read replica does not have either', async () => {
    await here.list.deny(wish);
    expect(await ahead.list.allow(wish)).toBe(true);
    expect(await here.list.deny(wish)).toBe(true);
    const later = replicaOf({});
    await later.list.start();
    expect(later.list.isDenied(corp, thumbprint)).toBe(true);
  });

  it('holds against an allowance that a replica of the version before has made since the last poll', async () => {
    here = replicaOf({ isBothVersions: true });
    await here.list.deny(wish);
    const atMs = aDecision().atMs + AHEAD_MS;
    await ahead.former.record(aDecision({ verdict: 'allowed', atMs, untilMs: atMs + AHEAD_MS }));
    expect(await here.list.deny(wish)).toBe(true);
    expect(await here.former.list()).toMatchObject([{ verdict: 'denied' }]);
    await ahead.former.start();
    ahead.former.stop();
    await ahead.list.start();
    expect(isDeniedAt(ahead)).toBe(true);
  });

  it('is known to an allowance, although no poll has brought it and a read replica does not have it', async () => {
    await ahead.list.deny(wish);
    expect(await here.list.allow(wish)).toBe(true);
    await ahead.list.start();
    expect(isDeniedAt(ahead)).toBe(false);
  });

  it('that Redis could not take holds against what was allowed before it was brought there', async () => {
    const clock = new FakeClock();
    const store = new RedisChangeStore({ primary: links[0], names: testNames });
    const mac = new RecordMac(testEnvironment, [testRecordKey]);
    const log = new ChangeLog({ store, mac, clock, onRefused: () => undefined, random: () => 0 });
    const cutOff = new DenyList({ store: new LoggedDeniedKeys({ log, clock }), clock, audit: new RecordingAudit() });
    await ahead.list.deny(wish);
    await links[0].client.config('SET', 'min-replicas-to-write', '1');
    expect(await cutOff.deny(wish)).toBe(false);
    await links[0].client.config('SET', 'min-replicas-to-write', '0');
    expect(await ahead.list.allow(wish)).toBe(true);
    await cutOff.start();
    await log.start();
    await clock.advance(POLL_MS);
    await expect.poll(() => ahead.list.start().then(() => isDeniedAt(ahead))).toBe(true);
    log.stop();
  });
});
