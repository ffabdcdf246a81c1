import { expect } from 'vitest';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import type {
  AcquireVerdict,
  CommitVerdict,
  FetchPermit,
  KeyStore,
  FetchKind,
  FetchRequest,
} from '../../src/keys/store/key-store.js';
import { timingOf } from '../../src/keys/key-timing.js';
import type { KeyRecordDraft } from '../../src/keys/record/merge-key-sets.js';

/** A fresh store under test, and how its time passes. */
export interface StoreUnderTest {
  readonly store: KeyStore;
  advance(ms: number): Promise<void>;
}

export const timing = timingOf(defaultFreshness);

/** Asks a store in the words of the suite. */
export class StoreProbe {
  constructor(private readonly subject: StoreUnderTest) {}

  get store(): KeyStore {
    return this.subject.store;
  }

  advance(ms: number): Promise<void> {
    return this.subject.advance(ms);
  }

  wish(
    source: string,
    kind: FetchKind,
    knownFence = 0,
    differences: Partial<FetchRequest> = {},
  ): Promise<AcquireVerdict> {
    return this.store.acquire(source, { kind, knownFence, dueAfterMs: 270_000, timing, ...differences });
  }

  async granted(source: string, kind: FetchKind = 'refresh', knownFence = 0): Promise<FetchPermit> {
    const verdict = await this.wish(source, kind, knownFence);
    expect(verdict.verdict).toBe('GRANT');
    return verdict as FetchPermit;
  }

  async committed(source: string, thumbprint = 'a', kind: FetchKind = 'refresh', knownFence = 0): Promise<FetchPermit> {
    const grant = await this.granted(source, kind, knownFence);
    expect(await this.commit(source, grant, thumbprint)).toBe('OK');
    return grant;
  }

  commit(source: string, { fence, baseFence, atMs }: FetchPermit, thumbprint = 'a'): Promise<CommitVerdict> {
    const draft = draftAt(atMs, thumbprint);
    return this.store.commit(source, { fence, baseFence, draft, hardTtlMs: timing.hardTtlMs });
  }
}

export function draftAt(atMs: number, thumbprint = 'a'): KeyRecordDraft {
  const key = {
    thumbprint,
    jwks: [{ kty: 'EC' }],
    state: { name: 'active' },
    firstSeenMs: atMs,
    lastSeenMs: atMs,
  } as const;
  return { validatedAtMs: atMs, refreshAfterMs: 300_000, keys: [key], tombstones: [] };
}
