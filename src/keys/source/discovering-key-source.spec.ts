import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../../test/builders/an-issuer.js';
import { FakeClock } from '../../../test/fakes/fake-clock.js';
import { RecordedKeyEvents } from '../../../test/keys/support/key-world.js';
import type { DiscoveryLocation } from '../../issuers/discovery-location.js';
import { DiscoveringKeySource } from './discovering-key-source.js';
import { GuardedHttp, type HttpAnswer, type HttpQuestion } from './guarded-http.js';
import { KeyFetchFailure } from './key-fetch-failure.js';

const metadataUrl = 'https://login.corp.example/.well-known/openid-configuration';

/** Answers from a table, and remembers what was asked. */
class TabledHttp extends GuardedHttp {
  readonly asked: HttpQuestion[] = [];

  constructor(readonly answers: Map<string, object>) {
    super();
  }

  override async get(question: HttpQuestion): Promise<HttpAnswer> {
    this.asked.push(question);
    const answer = this.answers.get(question.url);
    if (!answer) throw new KeyFetchFailure('status_4xx', undefined, { status: 404 });
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
  }
}

function sourceOver(answers: Record<string, object>, location: Partial<DiscoveryLocation> = {}) {
  const http = new TabledHttp(new Map(Object.entries(answers)));
  const clock = new FakeClock();
  const issuer = anIssuer({ network: { allowPrivate: false, bearerToken: 'secret' } });
  const keys = { kind: 'discovery', mode: 'oidc', jwksHosts: [], ...location } as const;
  const source = new DiscoveringKeySource(keys, () => issuer, http, clock, new RecordedKeyEvents());
  const fetchOnce = () => source.fetch(undefined, new AbortController().signal);
  return { fetchOnce, http, clock };
}

const namesKeySet = (jwksUri: string): object => ({ issuer: 'https://login.corp.example', jwks_uri: jwksUri });

describe('DiscoveringKeySource', () => {
  it('R9110-02 shows no credentials to an unknown host that the metadata names', async () => {
    const keySet = 'https://keys.example/jwks';
    const answers = { [metadataUrl]: namesKeySet(keySet), [keySet]: { keys: [] } };
    const unlisted = sourceOver(answers);
    const listed = sourceOver(answers, { jwksHosts: ['keys.example'] });
    await unlisted.fetchOnce();
    await listed.fetchOnce();

    const shown = ({ http }: typeof unlisted): object =>
      Object.fromEntries(http.asked.map(({ url, mayAuthorize }) => [url, mayAuthorize]));
    expect(shown(unlisted)).toEqual({ [metadataUrl]: true, [keySet]: false });
    expect(shown(listed)).toEqual({ [metadataUrl]: true, [keySet]: true });
  });

  it('reads metadata again after an hour', async () => {
    const keySet = 'https://login.corp.example/jwks';
    const { fetchOnce, http, clock } = sourceOver({ [metadataUrl]: namesKeySet(keySet), [keySet]: { keys: [] } });
    const metadataReads = (): number => http.asked.filter(({ url }) => url === metadataUrl).length;
    await fetchOnce();
    await clock.advance(3_599_000);
    await fetchOnce();
    expect(metadataReads()).toBe(1);
    await clock.advance(1_000);
    await fetchOnce();

    expect(metadataReads()).toBe(2);
  });

  it('R8414-04 stops using a key set whose metadata turns into that of another issuer', async () => {
    const keySet = 'https://login.corp.example/jwks';
    const { fetchOnce, http, clock } = sourceOver({ [metadataUrl]: namesKeySet(keySet), [keySet]: { keys: [] } });
    await fetchOnce();
    http.answers.set(metadataUrl, { issuer: 'https://evil.example', jwks_uri: keySet });
    await clock.advance(3_600_000);

    const place = { host: 'login.corp.example', stage: 'json', named: 'https://evil.example/' };
    await expect(fetchOnce()).rejects.toMatchObject({ category: 'metadata', place });
  });

  it.each([
    ['https://user:hunter2@other.example/x?key=hunter2', 'https://other.example/x?(masked)'],
    ['hunter2', '(not a URL)'],
    [`https://other.example/${'a'.repeat(200)}`, undefined],
    [7, undefined],
  ])('says which issuer the metadata names instead, and no secret with it: %j', async (issuer, named) => {
    const { fetchOnce } = sourceOver({ [metadataUrl]: { issuer, jwks_uri: 'https://login.corp.example/jwks' } });
    const failure = await fetchOnce().then(
      () => undefined,
      (error: unknown) => error as KeyFetchFailure,
    );
    expect(failure?.place?.named).toBe(named);
  });
});
