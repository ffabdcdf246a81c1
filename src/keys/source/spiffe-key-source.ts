import { readSpiffeBundle, type SpiffeBundle } from '../../issuers/spiffe-bundle.js';
import type { Issuer } from '../../issuers/issuer.js';
import { fetchKeySet, type FetchParts } from './http-key-source.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from './key-source.js';
import { parseDocument, soundKeys } from './parse-key-set.js';

/** The refresh that a bundle asks for is honoured between these, in milliseconds: a revoked key must not live on for the hours of a mistake. */
const shortestMs = 60_000;
const longestMs = 300_000;

/** The bundle of a SPIFFE trust domain (profile `https_web`): its keys for JWT-SVIDs, and when to ask again. */
export class SpiffeKeySource extends KeySource {
  private refreshMs = longestMs;

  constructor(
    private readonly url: string,
    private readonly issuer: () => Issuer,
    private readonly parts: FetchParts,
  ) {
    super();
  }

  override async fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const { network, algorithms } = this.issuer();
    const address = { url: this.url, network, algorithms, mayAuthorize: true };
    let bundle: SpiffeBundle | undefined;
    const observation = await fetchKeySet(this.parts, address, known, signal, async (body, allowed, pause) => {
      bundle = readSpiffeBundle(parseDocument(body));
      if (!bundle) throw new KeyFetchFailure('key_set', 'no SPIFFE bundle');
      return soundKeys(bundle.keys, allowed, pause);
    });
    const { sequence, refreshHintSeconds: hint } = bundle ?? {};
    if (bundle) this.refreshMs = hint === undefined ? longestMs : clamp(hint * 1_000);
    // What caches on the way say of its age means nothing beside what the bundle says itself.
    return { ...observation, lifetimeMs: this.refreshMs, ...(sequence !== undefined && { sequence }) };
  }
}

function clamp(ms: number): number {
  return Math.min(longestMs, Math.max(shortestMs, ms));
}
