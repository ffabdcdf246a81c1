import type { HastyChange } from '../../signing/key-publication.js';
import type { Logger } from '../../telemetry/logger.js';

const sentences = {
  signs: 'signing key signs before every consumer can know it: some will refuse its answers',
  withdrawn: 'signing key was withdrawn while answers of it may still be read: some will be refused',
} as const;

/** Tells operators of a change of our keys that was faster than the caches of those who read them. */
export function warnOfHaste({ key, kind, secondsLeft }: HastyChange, logger: Logger): void {
  logger.warn({ key, secondsLeft }, sentences[kind]);
}
