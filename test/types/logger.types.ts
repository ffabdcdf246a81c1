/** What a line of the log must not be: one that an operator acts on and that no paragraph explains, or one that says in a field what the logger says. */
import type { Logger } from '../../src/telemetry/logger.js';

declare const logger: Logger;
declare const issuer: string;

logger.warn({ issuer: 'corp' }, 'JWKS refresh failed');
logger.info({ issuer: 'corp' }, 'any sentence');

// @ts-expect-error: Argument of type '"new warning"' is not assignable
logger.warn({}, 'new warning');

// @ts-expect-error: Argument of type '"new error"' is not assignable
logger.error({}, 'new error');

// @ts-expect-error: Argument of type '`JWKS refresh of ${string} failed`' is not assignable
logger.warn({}, `JWKS refresh of ${issuer} failed`);

// @ts-expect-error: Type 'string' is not assignable to type 'never'
logger.warn({ runbook: 'docs/operations.md#alerts' }, 'JWKS refresh failed');

// @ts-expect-error: Type 'string' is not assignable to type 'never'
logger.info({ level: 'error' }, 'any sentence');
