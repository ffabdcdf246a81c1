import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contextOf, tables } from '../vectors/all-cases.js';
import { AUDIENCE, makeWorld, type VectorIssuer, type World } from '../vectors/world.js';
import type { VectorContext } from '../vectors/vector.js';
import { adminSection, AdminService } from './support/admin-world.js';
import { callerSection, ordersApi, type Section } from '../e2e/support/configuration.js';
import { EXPLAIN, explain, outcomesOf } from './support/explanations.js';
import { leaksIn } from '../e2e/support/leaks.js';

/** What the management listener takes, in bytes. */
const LONGEST_BODY = 64 * 1024;

/** Where each reason can be found; what is not listed is found in what the token itself is made of. */
const stepsOf: Readonly<Record<string, readonly string[]>> = {
  issuer_unknown: ['issuer'],
  algorithm_not_allowed: ['header'],
  token_type_not_allowed: ['token', 'header', 'plausibility', 'claims'],
  key_unknown: ['look', 'signature'],
  signature_invalid: ['signature'],
  claim_malformed: ['token', 'plausibility', 'claims'],
  claim_missing: ['plausibility', 'claims'],
  expired: ['plausibility', 'claims'],
  not_yet_valid: ['plausibility', 'claims'],
  issued_in_future: ['plausibility', 'claims'],
  lifetime_exceeded: ['plausibility', 'claims'],
  audience_mismatch: ['plausibility', 'claims'],
  token_kind: ['plausibility', 'claims'],
  rule_failed: ['plausibility', 'claims'],
  confirmation_invalid: ['plausibility', 'claims'],
};

/** An issuer of the world, as a configuration describes it. Its bad keys stay away: a file with them would be refused. */
function sectionOf({ id, issuer, keys, algorithms, terms }: VectorIssuer, world: World): Section {
  const { audiences, rules, requiredClaims, clockToleranceSeconds } = terms;
  return {
    id,
    issuer,
    keys: { jwks: { keys: id === 'bad' ? [world.keys.es.jwk] : keys } },
    algorithms,
    audiences: audiences === 'any' ? 'any' : [...audiences],
    clockTolerance: `${clockToleranceSeconds}s`,
    maxLifetime: '24h',
    requiredClaims,
    rules,
  };
}

let service: AdminService;
let context: VectorContext;

beforeAll(async () => {
  const world = await makeWorld();
  const narrow = {
    ...callerSection('narrow', ordersApi.secret),
    issuers: ['main'],
    audiences: [AUDIENCE],
    claims: ['sub'],
  };
  service = await AdminService.start(
    world.issuers.map((issuer) => sectionOf(issuer, world)),
    { admin: adminSection, callers: [callerSection(ordersApi.id, ordersApi.secret), narrow] },
  );
  context = contextOf(world, Date.now() / 1000);
});

afterAll(async () => {
  await service.stop();
});

/** The reason that the public endpoint wrote into the log for its latest answer. */
function loggedReason(): unknown {
  return service.lines.findLast(({ msg }) => msg === 'token is not active')?.['rejection'];
}

describe.each(Object.entries(tables))('what is explained is what /introspect says, against %s', (_table, cases) => {
  const rows = cases.filter(({ frozen }) => !frozen).map((vector) => [`${vector.id} ${vector.name}`, vector] as const);

  it.each(rows)('%s', async (_name, vector) => {
    const token = vector.token(context);
    // An empty token is no token at either endpoint.
    if (token === '' || Buffer.byteLength(JSON.stringify({ token, caller: ordersApi.id })) > LONGEST_BODY) return;
    service.output =
      service.lines
        .filter(({ msg }) => msg === 'ready')
        .map((line) => JSON.stringify(line))
        .join('\n') + '\n';
    const isActive = await service.isActive(token);
    const reason = isActive ? undefined : loggedReason();
    const explanation = await explain(service, token);
    expect(explanation.verdict).toBe(isActive ? 'active' : 'inactive');
    expect(explanation.rejection?.code).toBe(reason);
    expect(isActive).toBe(vector.expect === 'active');

    const outcomes = outcomesOf(explanation);
    if (isActive) expect(outcomes).toMatchObject({ signature: 'passed', claims: 'passed', disclosure: 'passed' });
    else {
      expect(stepsOf[String(reason)] ?? ['token']).toContain(explanation.rejection?.step);
      expect(outcomes[explanation.rejection!.step]).toBe('refused');
      expect(outcomes).toMatchObject({ rights: 'not_reached', disclosure: 'not_reached' });
    }
    expect(
      leaksIn(
        JSON.stringify(explanation),
        token.split('.').filter((segment) => segment.length > 40),
      ),
    ).toEqual([]);
  });
});

it('takes no body that is longer than a token could be', async () => {
  const answer = await service.ask('POST', EXPLAIN, {
    token: adminSection.tokens[1]!.secret,
    body: { token: 'x'.repeat(70_000) },
  });
  expect([answer.status, answer.body['code']]).toEqual([413, 'request_refused']);
});
