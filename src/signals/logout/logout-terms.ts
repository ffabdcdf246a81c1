import type { StatementTerms } from '../../verification/statement-verifier.js';
import type { BackchannelLogoutSection } from './backchannel-logout.config.js';
import { logoutTokenPolicy } from './logout-token-policy.js';

/** By what a logout token is judged. */
export interface LogoutTerms extends StatementTerms {
  /** What ends where a session and a subject are named. */
  readonly ends: 'session' | 'subject';
}

/** OpenID Connect Back-Channel Logout 1.0 §2.4: recommended, so that no other kind of JWT is taken for a logout token. */
const LOGOUT_TYPE = 'logout+jwt';

/** @param legacyTyp whether the provider is older than that */
export function logoutTermsOf(
  { audience, ends }: BackchannelLogoutSection,
  { legacyTyp }: { readonly legacyTyp: boolean },
): LogoutTerms {
  return {
    tokenTypes: new Set(legacyTyp ? [LOGOUT_TYPE, 'jwt', 'none'] : [LOGOUT_TYPE]),
    policy: logoutTokenPolicy(audience),
    ends,
  };
}
