import { TextList } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { Rule } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import { isTenant, tenantClasses, type TenantClass } from './issuer-template.js';

/** Key sets of as many tenants are kept fresh; each has its own schedule and its own place in memory. */
const MOST_WITH_KEYS = 1_000;

/** Tenants that share a key set cost a name in memory each. */
const MOST_TENANTS = 10_000;

/** Which tenants one registration is for, whose `issuer` has the place `{tenant}`. */
export class IssuerTemplateSection {
  @TextList(
    'the tenants; the word any, written out, accepts every tenant of the provider, and only with keys that say for which tenants they are',
    { required: true, any: true, min: 1, example: ['8eaef023-2b34-4da1-9baa-8bc8c9d6a490'] },
  )
  readonly tenants!: readonly string[] | 'any';

  @OneOfField('what a tenant is written like: guid = lower case, name = letters, digits, - and _', {
    words: tenantClasses,
    required: true,
  })
  readonly class!: TenantClass;

  @TextField('claim that must name the tenant of `iss`; required with shared keys', { example: 'tid' })
  readonly claim?: string;

  @OneOfField(
    'shared = one key set for all, in which each key says by its member `issuer` for which tenants it is; perTenant = each has its own',
    { words: ['shared', 'perTenant'], required: true },
  )
  readonly keys!: 'shared' | 'perTenant';

  @Rule('tenants', 'class')
  refuseOtherThanTenants(place: Place): void {
    if (this.tenants === 'any') return;
    for (const [i, tenant] of this.tenants.entries()) {
      if (isTenant(tenant, this.class)) continue;
      const expected = this.class === 'guid' ? 'a GUID in lower case' : 'up to 64 letters, digits, - and _';
      place.at('tenants').at(i).refuse(describe(tenant), expected);
    }
  }

  @Rule('tenants', 'keys')
  refuseTooMuchTrust(place: Place): void {
    if (this.tenants === 'any') {
      if (this.keys === 'shared') return;
      const expected =
        'the tenants written out: whoever opens a tenant there could issue tokens, and choose where keys are fetched';
      place.at('tenants').refuse('any, with a key set for each tenant', expected);
      return;
    }
    const most = this.keys === 'shared' ? MOST_TENANTS : MOST_WITH_KEYS;
    if (this.tenants.length > most) place.at('tenants').refuse(`${this.tenants.length} tenants`, `at most ${most}`);
  }

  @Rule('claim', 'keys')
  refuseWithoutClaim(place: Place): void {
    if (this.keys === 'perTenant' || this.claim !== undefined) return;
    place.refuse('shared keys without claim', 'the claim that names the tenant, such as tid: iss and claim must agree');
  }
}
