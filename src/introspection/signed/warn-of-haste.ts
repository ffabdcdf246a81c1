import type { HastyChange } from '../../signing/key-publication.js';
import type { Logger } from '../../telemetry/logger.js';

const sentences = {
  signs: 'signing key is used before every reader of /jwks can know it: some readers will refuse signed answers',
  withdrawn: 'signing key was removed while answers that it signed may still be in use: some readers will refuse them',
} as const;

/** Tells operators of a change of our keys that was faster than the caches of those who read them. */
export function warnOfHaste({ key, kind, secondsLeft }: HastyChange, logger: Logger): void {
  logger.warn({ key, secondsLeft }, sentences[kind]);
}
