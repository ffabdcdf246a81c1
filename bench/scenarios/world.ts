import { randomUUID } from 'node:crypto';
import { staticIssuer, type Assay, type Section } from '../harness/assay.ts';
import { interleave } from '../harness/rounds.ts';
import { http, Stage } from '../harness/subjects.ts';
import { rateRow } from '../harness/words.ts';
import { basicOf, caller, presentedRequest } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, signToken, type Signer } from '../tokens.ts';

/** What a registration may lose beside a plain one is less than two rounds are apart. One round shows whether it works. */
const FEWEST_ROUNDS = 9;

const AT_LEAST = 0.97;

const client = '6e74172b-be56-4843-9ff4-e66a39bb12e3';
const aTenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const tenants = { tenants: 'any', class: 'guid', claim: 'tid', keys: 'shared' };

/** Claims as Entra and Keycloak write them, the same in every token: only how they are read differs. */
const claims = {
  azp: client,
  client_id: client,
  scope: undefined,
  scp: 'openid profile orders:read orders:write',
  oid: '2c5b7a30-6f3e-4d3c-9b6d-0c9c1f5f8a11',
  sid: '0b7d8f4e-5c57-4a4e-8b42-1d1f6f6f0e77',
  uti: 'AbCdEfGhIjKlMnOpQrStUv',
  preferred_username: 'alice@acme.example',
  ver: '2.0',
};

/** A registration, and the tokens that it is asked about. */
interface Registered {
  readonly name: string;
  /** As long as every other one, and a part of its identifier. */
  readonly id: string;
  /** What its section says beside what every issuer of the bench says. */
  readonly says: Section;
  /** Id of the caller who asks; another one than most. */
  readonly asker?: string;
  /** Whether each token is of another tenant. */
  readonly hasTenants?: true;
}

const plain: Registered = { name: 'plain', id: 'plain', says: {} };

const others: readonly Registered[] = [
  // What is measured of a registration that is the same: the error of all the others.
  { name: 'another plain registration', id: 'again', says: {} },
  {
    name: 'claim paths',
    asker: 'by-paths',
    id: 'paths',
    says: {
      rules: [
        { claim: '/realm_access/roles', containsAny: ['orders-writer', 'orders-admin'] },
        { claim: 'azp', oneOf: [client], optional: true },
      ],
      requiredClaims: [['realm_access', 'roles']],
      scopeClaims: ['scp', '/realm_access/roles'],
    },
  },
  {
    name: 'a preset (Entra)',
    id: 'entra',
    says: { preset: 'entra-v2' },
  },
  {
    name: 'a template of any tenant',
    id: 'guids',
    says: { template: tenants },
    hasTenants: true,
  },
];

/** Both see the same of a token, one of them by the path to it. */
const callers = [
  { id: caller.id, claims: ['sub', 'jti', 'realm_access'] },
  { id: 'by-paths', claims: ['sub', 'jti', '/realm_access/roles'] },
].map((each) => ({ ...each, secrets: [caller.secret], issuers: 'any', audiences: 'any' }));

/** Tokens that are new whenever they come, since the memory holds fewer; and some that come again. */
const kinds = [
  { name: 'repeated tokens', tokens: 1_000, more: {} },
  { name: 'every token new, RS256', tokens: 4_000, more: { cache: { verifiedTokens: '1MiB' } } },
] as const;

/** What claim paths, presets and templates cost a token, beside a plain registration of the same process. */
export const world: Scenario = {
  name: 'world',
  async run({ rounds, seconds }: Effort): Promise<readonly Row[]> {
    const effort = { rounds: rounds === 1 ? 1 : Math.max(rounds, FEWEST_ROUNDS), seconds };
    const rows: Row[] = [];
    for (const kind of kinds) rows.push(...(await compare(kind, effort)));
    return rows;
  },
};

async function compare(kind: (typeof kinds)[number], effort: Effort): Promise<readonly Row[]> {
  await using stage = new Stage();
  const registered = [plain, plain, ...others].map((one) => ({ one, signer: aSigner('RS256', identifierOf(one)) }));
  const [alone, ...together] = registered.map(({ one, signer }) => ({ one, signer, section: sectionOf(one, signer) }));
  if (!alone) return [];
  const assay = await stage.assay(
    together.map(({ section }) => section),
    { ...kind.more, callers },
  );
  const bare = await stage.assay([alone.section], { ...kind.more, callers });
  const under = (of: Assay, { one, signer }: { one: Registered; signer: Signer }) =>
    stage.underLoad(one.name, http(of), requestsFor(one, signer, kind.tokens));
  const subjects = await Promise.all([under(bare, alone), ...together.map((each) => under(assay, each))]);
  const [byItself, beside, ...measured] = await interleave(subjects, effort);
  if (!byItself || !beside) return [];
  return [
    rateRow(`a plain registration beside others, ${kind.name}`, [beside, byItself], 'by itself', AT_LEAST),
    ...others.flatMap(({ name }, i) => {
      const ours = measured[i];
      return ours ? [rateRow(`${name}, ${kind.name}`, [ours, beside], 'a plain registration', AT_LEAST)] : [];
    }),
  ];
}

function identifierOf({ id }: Registered, tenant = aTenant): string {
  return `https://login.corp.example/${id}/${tenant}/v2.0`;
}

function sectionOf(one: Registered, signer: Signer): Section {
  const { id, says, hasTenants } = one;
  const identifier = identifierOf(one, hasTenants && '{tenant}');
  const section = staticIssuer(id, { ...signer, issuer: identifier });
  // Keys of many tenants say for whom they are, as those of Entra do.
  const keys = { jwks: { keys: [{ ...signer.key.jwk, issuer: identifier.replace('{tenant}', '{tenantid}') }] } };
  return { ...section, ...(hasTenants && { keys }), ...says };
}

function requestsFor(one: Registered, signer: Signer, count: number): readonly Buffer[] {
  const { hasTenants, asker } = one;
  const authorization = basicOf(caller.secret, asker);
  return Array.from({ length: count }, (_, serial) => {
    const tid = hasTenants ? randomUUID() : aTenant;
    return presentedRequest(signToken({ ...signer, issuer: identifierOf(one, tid) }, serial, { ...claims, tid }), {
      authorization,
    });
  });
}
