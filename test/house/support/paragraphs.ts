/** The paragraphs of a document, by the names that links give them. */

/**
 * From each heading to the next one, with what the heading says. Names are those that web pages of repositories make of headings: lower
 * case, without punctuation, `-` between words. Blocks of code are left out: a comment in one looks like a heading.
 */
export function paragraphsIn(text: string): ReadonlyMap<string, string> {
  const seen = new Map<string, number>();
  const paragraphs = withoutCode(text).split(/^#{1,6} (?=.)/mu);
  return new Map(
    paragraphs.slice(1).map((paragraph) => {
      const [heading = ''] = paragraph.split('\n', 1);
      const words = heading.replace(/\[(?<shown>[^\]]*)\]\([^)]*\)/gu, '$<shown>').toLowerCase();
      const name = words.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
      const times = seen.get(name) ?? 0;
      seen.set(name, times + 1);
      return [times === 0 ? name : `${name}-${times}`, paragraph];
    }),
  );
}

export function withoutCode(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gmu, '');
}
