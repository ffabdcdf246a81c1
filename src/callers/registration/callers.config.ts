/** What the configuration can say of a caller. */
import type { ClaimName } from '../../claims/claim-name.js';
import { plainScope, plainScopeExpected } from '../../claims/scope-hierarchy.js';
import { ClaimList } from '../../issuers/claim-name.config.js';
import { ClaimComparisonSection } from '../../issuers/claim-rule.config.js';
import { ProofsSection } from '../../proofs/proofs.config.js';
import { ListOf, TextList, Section } from '../../shared/configuration/composite-fields.js';
import { ListsByName } from '../../shared/configuration/lists-by-name.js';
import type { SectionClass } from '../../shared/configuration/field.js';
import { FlagField, IntegerField, OneOfField, TextField } from '../../shared/configuration/scalar-fields.js';
import { algorithmsByDefault, type Algorithm } from '../../tokens/algorithms.js';
import { answerDetails, revokeRights, type AnswerDetail, type RevokeRight } from '../caller.js';
import { TokenSourceSection } from './token-sources.js';
import { eachMethod, type MethodSections } from '../methods/caller-methods.js';
import { grantedMemberDefect } from './granted-members.js';

/** How often a caller may ask. */
export class RateLimitSection {
  @IntegerField('requests per second in the long run', { required: true, min: 1, max: 1_000_000 })
  readonly perSecond!: number;

  @IntegerField('requests at once', { required: true, min: 1, max: 1_000_000 })
  readonly burst!: number;

  @FlagField('all replicas together, counted in Redis; while it is away, each replica by itself', { default: false })
  readonly shared!: boolean;
}

/** Signed answers (RFC 9701). */
export class SignedSection {
  @OneOfField(
    'what its answers are signed with; `server.signing` has such a key. Left out: RS256, or the algorithm of the only signing key',
    { words: algorithmsByDefault },
  )
  readonly alg?: Algorithm;

  @FlagField(
    'it gets signed answers only: 406 where its `Accept` leaves them out, and none over gRPC, where there are none',
    { default: false },
  )
  readonly required?: boolean;
}

/** A right must be written out, if need be as the word `any`: absence is never permission. */
const grant = { required: true, any: true } as const;

/** What the section of a caller begins with. */
class NamedCaller {
  @TextField('its `client_id`, and its name in logs and metrics', { required: true, example: 'orders-api' })
  readonly id!: string;
}

/** Behind them the keys of the methods, in the order of their list. */
function withMethods(base: SectionClass<NamedCaller>): SectionClass<NamedCaller & MethodSections> {
  abstract class WithMethods extends base {}
  for (const [, { field, key }] of eachMethod) field(WithMethods.prototype, key);
  return WithMethods;
}

/** One service that may ask, how it proves who it is, and what it may see. */
export class CallerSection extends withMethods(NamedCaller) {
  @TextList('ids of the issuers whose tokens it may see, or the word any', { ...grant, example: ['corp'] })
  readonly issuers!: readonly string[] | 'any';

  @TextList('a token must name one of these in `aud`, or the word any', {
    ...grant,
    example: ['https://api.corp.example'],
  })
  readonly audiences!: readonly string[] | 'any';

  @ListOf(
    'what a token must say besides, all of it: for tokens that name no audience, such as those of Cognito. A token without the claim is not shown',
    () => ClaimComparisonSection,
    // Whoever writes an empty list may have meant that nothing is granted, and would require nothing.
    { emptyRefusal: 'at least one requirement, or no such key: an empty list would require nothing' },
  )
  readonly require?: readonly ClaimComparisonSection[];

  @ClaimList(
    'claims it may see beyond active, exp, iat, iss, aud, client_id, token_type and cnf, or the word any; of a claim that is named within others, that member alone',
    { ...grant, example: ['sub', 'scope'], refuse: grantedMemberDefect },
  )
  readonly claims!: readonly ClaimName[] | 'any';

  @FlagField(
    'its answers name the registration in `assay_issuer`, and it tells by that member, not by `iss`, whose a token is; without, it may ' +
      'have one registration of each `iss`',
    { default: false },
  )
  readonly readsIssuerId?: boolean;

  @OneOfField(
    'full = what `claims` covers; minimal = `active`, `exp`, `token_type` and `cnf` alone, whatever `claims` covers: for a caller that only wants to know whether a token is good',
    { words: answerDetails, default: 'full' },
  )
  readonly answer?: AnswerDetail;

  @OneOfField(
    'which of the tokens that it may see it may end before their time at `/revoke`: own = those whose client it is, by its id; audience = those for one of `audiences`, which must be written out; any = all',
    { words: revokeRights, default: 'none' },
  )
  readonly revoke?: RevokeRight;

  @Section(
    'its answers are signed where its `Accept` asks for `application/token-introspection+jwt` (RFC 9701); absent: they never are',
    () => SignedSection,
  )
  readonly signed?: SignedSection;

  @Section('how often it may ask', () => RateLimitSection)
  readonly rateLimit?: RateLimitSection;

  @FlagField('a profile for proxies: `/authorize` and ext_authz. It needs no way to authenticate', { default: false })
  readonly proxy!: boolean;

  @TextField(
    'what is behind the proxy, as its clients know it: Assay publishes its metadata (RFC 9728) below `/.well-known/oauth-protected-resource`, which names the ' +
      'issuers of `issuers`, and challenges name its URL',
    { example: 'https://api.corp.example/orders' },
  )
  readonly resource?: string;

  @TextField(
    'URL of protected resource metadata (RFC 9728) that somebody else publishes, for challenges to clients of the proxy; left out: that of `resource`',
    {
      example: 'https://api.corp.example/.well-known/oauth-protected-resource',
    },
  )
  readonly resourceMetadata?: string;

  @ListsByName(
    'for each scope those that lie within it, and what lies within those: a token that has `files:write` passes where `scope=files:read` is asked for. Exact names; ' +
      'answers and headers say what the token has, and no more',
    { pattern: plainScope, expected: plainScopeExpected, example: { 'files:write': ['files:read'] } },
  )
  readonly scopeImplies?: ReadonlyMap<string, readonly string[]>;

  @ListOf(
    'headers in which the proxy has the token, in the order in which they are tried; left out: `Authorization` alone, which is no longer read where this is set and does not name it',
    () => TokenSourceSection,
    { example: [{ header: 'Cf-Access-Jwt-Assertion' }] },
  )
  readonly tokenFrom?: readonly TokenSourceSection[];

  @TextField(
    'name of what is behind the proxy: it gets the answer as a JWT that is signed for this `aud` in `x-auth-jwt` (RFC 9701), with `signed.alg`; absent: the header is empty',
    { example: 'https://orders.internal' },
  )
  readonly upstream?: string;

  @FlagField(
    'CORS preflights (`OPTIONS` with `Origin` and `Access-Control-Request-Method`) pass without a token, and without identity headers',
    {
      default: false,
    },
  )
  readonly allowPreflight?: boolean;

  @Section(
    'what the clients of the proxy can prove, for tokens that are bound to a key of theirs; absent: no such token passes. Without `proxy`, how ' +
      'the proofs are checked that the caller hands on to `/introspect`',
    () => ProofsSection,
  )
  readonly proofs?: ProofsSection;
}
