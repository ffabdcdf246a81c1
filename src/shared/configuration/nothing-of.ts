/**
 * What is left of a section when every setting was taken out of it: nothing. A setting that is left would be read, documented
 * and not enforced, so with one this does not compile.
 */
export function nothingOf(forgotten: Readonly<Record<string, never>>): object {
  return forgotten;
}
