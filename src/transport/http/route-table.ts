/** Finds what serves a path: one table for what is served, for 404 and for 405. */
import { locate } from './http-request.js';

/** Path parameters of a request, by name. */
type Parameters = Readonly<Record<string, string>>;

/** Where a request leads. */
export interface Match<Target> {
  /** `undefined`: nowhere. */
  readonly target: Target | undefined;
  /** Path of the route as it was declared. */
  readonly path: string;
  /** Where the path has parameters. */
  readonly params?: Parameters;
  /** The methods of the resource, sorted; none where there is no such resource. */
  readonly allowed: readonly string[];
  /** The path is none: an escape that is no escape. */
  readonly isMalformed?: true;
}

/** All that one path serves. */
class Resource<Target> {
  readonly segments: readonly string[];
  readonly hasParameters: boolean;
  private readonly methods = new Map<string, Match<Target>>();
  /** Without the HEAD that comes with GET. */
  private readonly declared = new Set<string>();
  private every: Match<Target> | undefined;
  missing: Match<Target>;

  constructor(readonly path: string) {
    this.segments = path.split('/');
    this.hasParameters = this.segments.some(isParameter);
    this.missing = { target: undefined, path, allowed: [] };
  }

  /** @param method `undefined`: every one */
  add(method: string | undefined, target: Target): void {
    if (method === undefined ? this.every : this.declared.has(method)) {
      throw new Error(`${method ?? 'every method'} ${this.path} has two handlers`);
    }
    const match: Match<Target> = { target, path: this.path, allowed: [] };
    if (method === undefined) {
      this.every = match;
      return;
    }
    this.declared.add(method);
    this.methods.set(method, match);
    // RFC 9110 §9.3.2: HEAD is answered as GET is, without the body.
    if (method === 'GET' && !this.declared.has('HEAD')) this.methods.set('HEAD', match);
    this.missing = { ...this.missing, allowed: [...this.methods.keys()].sort() };
  }

  find(method: string): Match<Target> {
    return this.methods.get(method) ?? this.every ?? this.missing;
  }

  /** Its methods as they were declared; `undefined` is every one that has no route of its own. */
  get declaredMethods(): readonly (string | undefined)[] {
    return [...this.declared, ...(this.every ? [undefined] : [])];
  }

  /** @returns `undefined` where the path is another one */
  parametersIn(segments: readonly string[]): Parameters | undefined {
    if (segments.length !== this.segments.length) return undefined;
    const found = Object.create(null) as Record<string, string>;
    for (const [i, segment] of this.segments.entries()) {
      const given = segments[i] ?? '';
      if (isParameter(segment) && given !== '') found[segment.slice(1)] = given;
      else if (segment !== given) return undefined;
    }
    return found;
  }
}

/**
 * Finds the handler for a method and a path, or says which methods the path has: one table for what is served, for 404 and for
 * 405. A path is fixed, or has `:parameters` that are whole segments; where two could serve a request, the more fixed one does.
 */
export class RouteTable<Target extends object> {
  private readonly fixed = new Map<string, Resource<Target>>();
  private readonly patterns: Resource<Target>[] = [];

  /**
   * @param method `undefined`: every one that has no route of its own
   * @throws {Error} where there is such a route already
   */
  add(method: string | undefined, path: string, target: Target): void {
    const known = this.fixed.get(path) ?? this.patterns.find((each) => each.path === path);
    const resource = known ?? this.remember(new Resource<Target>(path));
    resource.add(method, target);
  }

  /** All that is served, as it was declared; without `method` where that is every one. */
  get routes(): readonly { readonly method: string | undefined; readonly path: string }[] {
    return [...this.fixed.values(), ...this.patterns].flatMap(({ path, declaredMethods }) =>
      declaredMethods.map((method) => ({ method, path })),
    );
  }

  /** @param requestTarget as sent (RFC 9112 §3.2) */
  find(method: string, requestTarget: string): Match<Target> {
    const query = requestTarget.indexOf('?');
    const resource = this.fixed.get(query < 0 ? requestTarget : requestTarget.slice(0, query));
    const match = resource?.find(method);
    return match?.target ? match : this.findSpelled(method, requestTarget);
  }

  /** Of a path that is spelled otherwise, or that has parameters, or that does not have this method. */
  private findSpelled(method: string, requestTarget: string): Match<Target> {
    const segments = locate(requestTarget);
    if (!segments) return { target: undefined, path: '', allowed: [], isMalformed: true };
    const candidates: Match<Target>[] = [];
    const fixed = this.fixed.get(segments.join('/'));
    // A segment that has a slash in it is another path.
    if (fixed?.segments.length === segments.length) candidates.push(fixed.find(method));
    for (const pattern of this.patterns) {
      const params = pattern.parametersIn(segments);
      if (params) candidates.push({ ...pattern.find(method), params });
    }
    const served = candidates.find(({ target }) => target !== undefined);
    if (served) return served;
    const allowed = [...new Set(candidates.flatMap((candidate) => candidate.allowed))].sort();
    return { target: undefined, path: '', allowed };
  }

  private remember(resource: Resource<Target>): Resource<Target> {
    if (!resource.hasParameters) this.fixed.set(resource.path, resource);
    else this.patterns.push(resource);
    this.patterns.sort(byFixedSegments);
    return resource;
  }
}

function byFixedSegments(a: Resource<object>, b: Resource<object>): number {
  for (const [i, segment] of a.segments.entries()) {
    const order = Number(isParameter(segment)) - Number(isParameter(b.segments[i] ?? ''));
    if (order !== 0) return order;
  }
  return 0;
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':');
}
