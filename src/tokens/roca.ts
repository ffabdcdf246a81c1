/**
 * Primes whose product is part of every key that the faulty generator made (CVE-2017-15361): the first 39 for the
 * shortest keys, more for longer ones. 2 carries no information, every modulus is odd.
 */
const primes = oddPrimesUpTo(167);

/** The generator made primes that are powers of this number modulo each of {@link primes}. */
const GENERATOR = 65_537;

/** For each prime, the residues that such a modulus can leave. Where that is all of them the prime says nothing. */
const residues: readonly (readonly [bigint, ReadonlySet<bigint>])[] = primes
  .map((prime) => [BigInt(prime), powersModulo(prime)] as const)
  .filter(([prime, powers]) => powers.size < Number(prime) - 1);

/**
 * Whether an RSA modulus has the fingerprint of the Infineon library (Nemec et al., "The Return of Coppersmith's
 * Attack", 2017 §2.3). A sound modulus has it with a probability below 2^-27; a faulty one always.
 */
export function hasRocaFingerprint(modulus: bigint): boolean {
  return residues.every(([prime, possible]) => possible.has(modulus % prime));
}

function powersModulo(prime: number): ReadonlySet<bigint> {
  const powers = new Set<bigint>();
  for (let power = 1; !powers.has(BigInt(power)); power = (power * GENERATOR) % prime) powers.add(BigInt(power));
  return powers;
}

function oddPrimesUpTo(limit: number): readonly number[] {
  const found: number[] = [];
  for (let n = 3; n <= limit; n += 2) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
