/** Which methods each resource has, so that a wrong one gets the 405 that Fastify does not know (RFC 9110 §15.5.6). */
export class AdminRoutes {
  private readonly methods = new Map<string, Set<string>>();

  /** @param pattern such as `/issuers/:id` */
  add(pattern: string, methods: readonly string[]): void {
    this.methods.set(pattern, new Set([...(this.methods.get(pattern) ?? []), ...methods]));
  }

  /** The methods of the resource at `path`; none where there is no resource. */
  methodsOf(path: string): readonly string[] {
    for (const [pattern, methods] of this.methods) if (matches(pattern, path)) return [...methods].sort();
    return [];
  }
}

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const given = path.split('/');
  return (
    expected.length === given.length &&
    expected.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]))
  );
}
