/** Estimates how hard a secret is to guess, so that weak ones are named and limited. */
import { knownWordsIn } from './known-words.js';

/**
 * How hard it is to guess a secret, told by its text. Whoever chose it well let a machine choose it: then each character is worth
 * what its alphabet says. What only looks long is worth less: repeats, sequences, and words that people write.
 */

/** From here on guessing is hopeless, also for those who can try without asking us (NIST SP 800-57 part 1, §5.6.1). */
export const STRONG_BITS = 112;

/** How to make a strong one. */
export const strongSecret = 'a random secret, as of openssl rand -hex 32';

/** RFC 2104 §3: a key shorter than the hash (SHA-256) weakens it. */
const LEAST_KEY_BYTES = 32;

/** What a secret that a code is made with has to be. */
export const strongKey = 'at least 32 bytes that nobody can guess, as of openssl rand -hex 32';

/** The alphabets that secrets are usually written in, the smallest first. */
const alphabets: readonly { readonly letters: RegExp; readonly size: number }[] = [
  { letters: /^\d*$/, size: 10 },
  { letters: /^[\da-f]*$/, size: 16 },
  { letters: /^[\dA-F]*$/, size: 16 },
  { letters: /^[\da-z]*$/, size: 36 },
  { letters: /^[\dA-Z]*$/, size: 36 },
  // base64url; base64 has two other signs, and padding, which says nothing.
  { letters: /^[\w-]*=*$/, size: 64 },
  { letters: /^[\dA-Za-z+/]*=*$/, size: 64 },
];

const PRINTABLE = 95;

/** One of a thousand words in one of sixteen disguises. */
const KNOWN_WORD_BITS = 14;

/** One of the 7,776 words that passphrases are made of. */
const ANY_WORD_BITS = 12.9;

/** Short words, and numbers, which are mostly years and months. */
const BITS_PER_LETTER = 3.4;

/** What stands between words is mostly the same. */
const SIGN_BITS = 2;

/** Words and numbers with signs between them, or words with capitals; at the end perhaps a number or a sign, because a rule wanted one. */
const passphrases = [
  /^([A-Za-z][a-z]{1,13}|[A-Z]{2,14}|\d{1,6})([^\dA-Za-z]([A-Za-z][a-z]{1,13}|[A-Z]{2,14}|\d{1,6}))+[^\dA-Za-z]?$/,
  /^([A-Za-z][a-z]{1,13}|[A-Z]{2,14})([^\dA-Za-z]([A-Za-z][a-z]{1,13}|[A-Z]{2,14}))+\d{0,6}[^\dA-Za-z]?$/,
  /^([A-Z][a-z]{2,13}){2,}\d{0,6}[^\dA-Za-z]?$/,
];

/** That there is a repeat or a sequence at all has to be said too: so what happens by chance saves next to nothing. */
const SHORTCUT_BITS = 6;

/** Shorter repeats and sequences than these happen by chance. */
const LEAST_REPEAT = 3;
const LEAST_SEQUENCE = 4;

/** Characters that are looked at: no secret of ours may be longer, and a strong one is strong long before. */
const MOST_CHARACTERS = 1_024;

/** @returns bits of entropy that `secret` can have at most, as far as its text gives it away */
export function strengthOf(secret: string): number {
  const text = secret.slice(0, MOST_CHARACTERS).replace(/=+$/, '');
  const perCharacter = Math.log2(alphabets.find(({ letters }) => letters.test(text))?.size ?? PRINTABLE);
  const shortcuts = [repeatsIn(text), sequencesIn(text, perCharacter), wordsIn(text, knownWordsIn(text))];
  // The cheapest way to write down the first characters, for each number of them.
  const bits = [0];
  for (let end = 1; end <= text.length; end++) {
    const ways = shortcuts
      .flatMap((shortcut) => shortcut[end] ?? [])
      .map(({ start, cost }) => (bits[start] ?? 0) + cost);
    bits.push(Math.min((bits[end - 1] ?? 0) + perCharacter, ...ways));
  }
  return bits[text.length] ?? 0;
}

/** Whether guessing it is worth trying. */
export function isWeak(secret: string): boolean {
  return strengthOf(secret) < STRONG_BITS;
}

/** What is wrong with a secret that a code is made with, in words that give nothing of it away; `undefined` for nothing. */
export function weaknessOfKey(secret: string): string | undefined {
  const bytes = Buffer.byteLength(secret);
  if (bytes < LEAST_KEY_BYTES) return `a secret of ${bytes} bytes`;
  return isWeak(secret) ? 'a secret of words, repeats or few different characters' : undefined;
}

/** A cheaper way to write down the characters from `start` to some end. */
interface Shortcut {
  readonly start: number;
  /** In bits. */
  readonly cost: number;
}

/** The shortcut that ends where, for each end. */
type Shortcuts = readonly (Shortcut | undefined)[];

/** What was there before costs no more than to say where, and how much of it. */
function repeatsIn(text: string): Shortcuts {
  const found: (Shortcut | undefined)[] = [undefined];
  let before: number[] = [];
  for (let end = 1; end <= text.length; end++) {
    const lengths = Array.from({ length: end }, (_, earlier) =>
      earlier > 0 && text[earlier - 1] === text[end - 1] ? (before[earlier - 1] ?? 0) + 1 : 0,
    );
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    const isRepeat = longest >= LEAST_REPEAT;
    found.push(
      isRepeat ? { start: end - longest, cost: SHORTCUT_BITS + Math.log2(end) + Math.log2(longest) } : undefined,
    );
    before = lengths;
  }
  return found;
}

/** `abcdef` and `987654` cost their first character, their direction and their length. */
function sequencesIn(text: string, perCharacter: number): Shortcuts {
  const found: (Shortcut | undefined)[] = [undefined];
  let length = 0;
  let step = 0;
  for (let end = 1; end <= text.length; end++) {
    const next = end > 1 ? text.charCodeAt(end - 1) - text.charCodeAt(end - 2) : 0;
    const goesOn = next === step && Math.abs(step) === 1;
    length = goesOn ? length + 1 : Math.min(end, 2);
    step = next;
    const isSequence = goesOn && length >= LEAST_SEQUENCE;
    found.push(
      isSequence ? { start: end - length, cost: SHORTCUT_BITS + perCharacter + Math.log2(length) } : undefined,
    );
  }
  return found;
}

/** Known words wherever they are; other words where the text is nothing else. A sign in front of a word comes with it. */
function wordsIn(text: string, known: readonly (number | undefined)[]): Shortcuts {
  const found = known.map((start) => (start === undefined ? undefined : { start, cost: KNOWN_WORD_BITS }));
  if (!passphrases.some((form) => form.test(text))) return found;
  for (const { index, 0: word } of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+|\d+/g)) {
    const hasSign = /[^\dA-Za-z]/.test(text[index - 1] ?? '');
    found[index + word.length] ??= {
      start: hasSign ? index - 1 : index,
      cost: Math.min(ANY_WORD_BITS, word.length * BITS_PER_LETTER) + (hasSign ? SIGN_BITS : 0),
    };
  }
  return found;
}
