import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { identifier, type Section } from './assay.ts';

/** What the built program writes into Redis. */
interface Writer {
  readonly seal: (text: string) => string;
  readonly write: (decision: Readonly<Record<string, unknown>>) => string;
  readonly nameOf: (kind: string) => string;
}

/** Entries of one command. */
const BATCH = 5_000;

/** Puts so many revocations of an issuer into an empty Redis, half of tokens and half of sessions, none of a token that anybody presents. */
export async function fill({ url, recordKeys }: Section, issuerId: string, count: number): Promise<void> {
  const { seal, write, nameOf } = await builtWriter(recordKeys);
  const redis = new Redis(url as string);
  const nowMs = Date.now();
  const at = Math.floor(nowMs / 1000);
  const place = nowMs * 1000 - count;
  for (let from = 0; from < count; from += BATCH) {
    const entries: string[] = [];
    for (let n = from; n < Math.min(from + BATCH, count); n++) {
      const kind = n % 2 === 0 ? 'token' : 'session';
      const decision = {
        issuerId,
        kind,
        digest: randomBytes(16),
        before: 0,
        verdict: 'revoked',
        at,
        until: at + 86_400,
      };
      entries.push(String(place + n), seal(write(decision)));
    }
    await redis.zadd(nameOf('revocations'), ...entries);
  }
  await redis.set(nameOf('last'), String(place + count));
  redis.disconnect();
}

/** The parts of the program that write: nothing else knows what a decision looks like in Redis. */
async function builtWriter(recordKeys: unknown): Promise<Writer> {
  const { sealChange } = (await built('changes/sealed-change.js')) as { sealChange: (...all: unknown[]) => string };
  const { RecordMac } = (await built('redis/record-mac.js')) as { RecordMac: new (...all: unknown[]) => unknown };
  const { RedisNames } = (await built('redis/redis-names.js')) as {
    RedisNames: new (environment: string) => { in(group: string, kind: string): string };
  };
  const { writeRevocation } = (await built('revocation/tokens/written-revocation.js')) as {
    writeRevocation: Writer['write'];
  };
  const mac = new RecordMac(identifier, recordKeys);
  const names = new RedisNames(identifier);
  return {
    seal: (text) => sealChange(mac, 'revocations', text),
    write: writeRevocation,
    nameOf: (kind) => names.in('log', kind),
  };
}

function built(file: string): Promise<unknown> {
  return import(new URL(`../../dist/${file}`, import.meta.url).href);
}
