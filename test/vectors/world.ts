import type { ClaimTerms } from '../../src/claims/claim-checks.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { IssuerRegistry } from '../../src/issuers/issuer-registry.js';
import { KeySet } from '../../src/keys/accepted/key-set.js';
import { KeyResolver } from '../../src/keys/key-resolver.js';
import type { JsonObject } from '../../src/shared/json-value.js';
import { algorithmNames, type Algorithm } from '../../src/tokens/algorithms.js';
import { importJwk } from '../../src/tokens/import-jwk.js';
import { JwkDefect } from '../../src/tokens/jwk-defect.js';
import type { JwtHeader } from '../../src/tokens/unverified-jwt.js';
import type { VerificationKey } from '../../src/tokens/verification-key.js';
import { anIssuer } from '../builders/an-issuer.js';
import { someTerms, usualAudience } from '../builders/claim-terms.js';
import { attackerOf, keysOfTheWorld, type Attacker, type WorldKeys } from './world-keys.js';

/** The audience that every issuer of the world lists, unless it says otherwise. */
export const AUDIENCE = usualAudience;

/** A registered issuer as a configuration would describe it, with its published key set. */
export interface VectorIssuer {
  readonly id: string;
  readonly issuer: string;
  readonly keys: readonly JsonObject[];
  /** Default: all that there are. */
  readonly algorithms: readonly Algorithm[];
  readonly terms: ClaimTerms;
}

/** Who is registered, who signs, and who attacks. The same for every endpoint, so that an endpoint can be configured from it. */
export interface World {
  readonly issuers: readonly VectorIssuer[];
  readonly keys: WorldKeys;
  readonly attacker: Attacker;
}

/** Makes the world; a second or two of key generation, once for each test file. */
export async function makeWorld(): Promise<World> {
  const keys = keysOfTheWorld();
  return { keys, attacker: await attackerOf(keys), issuers: issuersWith(keys) };
}

function issuersWith(keys: WorldKeys): readonly VectorIssuer[] {
  const { es, es384, es512, rs, ps, ed, edOld, plainRsa, plainEc, e3, zeroPadded, sameKid, bad } = keys;
  const signing = [es, es384, es512, rs, ps, ed, edOld, plainRsa, plainEc, e3, zeroPadded].map((key) => key.jwk);
  const tenant = (name: string) => [{ claim: 'tenant', equals: name }];
  return [
    issuer('main', 'https://login.corp.example', signing),
    issuer('narrow', 'https://narrow.example', [plainRsa.jwk, plainEc.jwk], {}, ['RS256', 'ES256']),
    issuer('post-quantum', 'https://pq.example', [keys.ml44.jwk, keys.ml65.jwk, keys.ml87.jwk]),
    issuer('lonely', 'https://lonely.example', [keys.lonely.jwk, rs.jwk]),
    issuer(
      'crowded',
      'https://crowded.example',
      [es, plainEc, keys.lonely, sameKid.first, sameKid.second].map((key) => key.jwk),
    ),
    issuer('same-kid', 'https://same-kid.example', sameKid.published),
    issuer('bad', 'https://bad.example', [...bad.published, es.jwk]),
    issuer('tenant-a', 'https://multi.example/a', [es.jwk], { rules: tenant('a') }),
    issuer('tenant-b', 'https://multi.example/b', [es.jwk], { rules: tenant('b') }),
    issuer('open', 'https://open.example', [es.jwk], { audiences: 'any' }),
    issuer('pattern', 'https://pattern.example', [es.jwk], { audiences: new Set(['(a+)+$', '.*']) }),
    issuer('exact', 'https://exact.example', [es.jwk], { clockToleranceSeconds: 0 }),
    issuer('ruled', 'https://ruled.example', [es.jwk], {
      requiredClaims: ['email'],
      rules: [
        { claim: 'email', startsWith: 'a@good' },
        { claim: 'scope', contains: 'orders:read' },
        { claim: 'azp', oneOf: ['shop', 'till'] },
      ],
    }),
  ];
}

function issuer(
  id: string,
  identifier: string,
  keys: readonly JsonObject[],
  terms: Partial<ClaimTerms> = {},
  algorithms: readonly Algorithm[] = algorithmNames,
): VectorIssuer {
  return { id, issuer: identifier, keys, algorithms, terms: someTerms(terms) };
}

/** The registered issuer with this id. */
export function issuerOf(world: World, id: string): VectorIssuer {
  return world.issuers.find((candidate) => candidate.id === id)!;
}

/** A registry of prepared issuers. */
export class ListedIssuers extends IssuerRegistry {
  constructor(private readonly issuers: Issuer[]) {
    super();
  }

  static of(world: World): ListedIssuers {
    return new ListedIssuers(
      world.issuers.map(({ id, issuer, algorithms, terms }) =>
        anIssuer({ id, issuer, algorithms: new Set(algorithms) }, terms),
      ),
    );
  }

  override find(iss: string): Issuer | undefined {
    return this.issuers.find((candidate) => candidate.issuer === iss);
  }

  override placeOf(): number {
    return 0;
  }

  override at(): undefined {
    return undefined;
  }

  override ofNameless(): undefined {
    return undefined;
  }

  override namesakes(issuer: Issuer): readonly Issuer[] {
    const namesakes = this.issuers.filter((candidate) => candidate.issuer === issuer.issuer);
    return namesakes.length > 1 ? namesakes : [];
  }

  override byId(id: string): Issuer | undefined {
    return this.issuers.find((candidate) => candidate.id === id);
  }

  override all(): readonly Issuer[] {
    return this.issuers;
  }

  override onChange(): void {
    // Nobody listens here.
  }

  /** Withdraws an issuer. */
  remove(id: string): void {
    this.issuers.splice(
      this.issuers.findIndex((candidate) => candidate.id === id),
      1,
    );
  }
}

/** Keys that are all known, chosen from as in production, and a count of the fetches that were asked for. */
export class HeldKeys extends KeyResolver {
  fetches = 0;

  private constructor(private readonly held: ReadonlyMap<string, KeySet>) {
    super();
  }

  static async of(world: World): Promise<HeldKeys> {
    const held = new Map<string, KeySet>();
    for (const { id, keys, algorithms } of world.issuers) {
      const imported = keys.map((jwk) => importJwk(jwk, new Set(algorithms)));
      const usable = imported.filter((key): key is VerificationKey => !(key instanceof JwkDefect));
      held.set(id, new KeySet(usable.map((key) => ({ key, untilMs: Number.POSITIVE_INFINITY }))));
    }
    return new HeldKeys(held);
  }

  override known(issuer: Issuer, header: JwtHeader): readonly VerificationKey[] | undefined {
    return this.held.get(issuer.id)?.candidates(header, 0);
  }

  override holds(issuer: Issuer, thumbprint: string): boolean {
    return this.held.get(issuer.id)?.holds(thumbprint, 0) ?? false;
  }

  override async find(issuer: Issuer, header: JwtHeader): Promise<readonly VerificationKey[]> {
    // As the key manager does: a key that is there is not looked for.
    if (this.held.get(issuer.id)?.names(header, 0)) return [];
    this.fetches++;
    return this.known(issuer, header) ?? [];
  }
}
