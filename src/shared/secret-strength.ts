/** RFC 2104 §3: a key shorter than the hash (SHA-256) weakens it. */
const LEAST_BYTES = 32;

/** Fewer different characters than this are a placeholder. Hexadecimal digits of 32 random bytes show about 16. */
const LEAST_DIFFERENT_CHARACTERS = 10;

/** What a secret that a code is made with has to be. */
export const strongSecret = 'at least 32 bytes that nobody can guess, as of openssl rand -hex 32';

/** What is wrong with a secret, in words that give nothing of it away; `undefined` for nothing. */
export function weaknessOf(secret: string): string | undefined {
  const bytes = Buffer.byteLength(secret);
  if (bytes < LEAST_BYTES) return `a secret of ${bytes} bytes`;
  const different = new Set(secret).size;
  return different < LEAST_DIFFERENT_CHARACTERS ? `a secret of ${different} different characters` : undefined;
}
