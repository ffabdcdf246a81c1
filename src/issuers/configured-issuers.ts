import { foldedName, IssuerRegistry, type IssuerChange } from './issuer-registry.js';
import type { Issuer } from './issuer.js';
import type { JsonValue } from '../shared/json-value.js';
import { trustDomainOf } from '../tokens/spiffe-id.js';
import { tenantIn, type IssuerTemplate } from './issuer-template.js';

/** An issuer of many tenants that share their keys. */
type TemplateIssuer = Issuer & { readonly template: IssuerTemplate };

function isTemplate(issuer: Issuer): issuer is TemplateIssuer {
  return issuer.template !== undefined;
}

const nobody: readonly Issuer[] = [];

/** The issuers of the configuration. Replaced as a whole, so that no request ever sees half of a change. */
export class ConfiguredIssuers extends IssuerRegistry {
  // Maps and exact strings: no pattern, no prefix, and `__proto__` finds nothing (attack B-17).
  private byIdentifier: ReadonlyMap<string, Issuer> = new Map();
  /** Names that several issuers have, with all of them. */
  private shared: ReadonlyMap<string, readonly Issuer[]> = new Map();
  private templates: readonly TemplateIssuer[] = [];
  private byFoldedName: ReadonlyMap<string, Issuer> = new Map();
  private byTrustDomain: ReadonlyMap<string, Issuer> = new Map();
  /** The one whose tokens may have no `iss`. */
  private nameless: Issuer | undefined;
  private byShortId: ReadonlyMap<string, Issuer> = new Map();
  private placed: readonly Issuer[] = [];
  private places: ReadonlyMap<Issuer, number> = new Map();
  /** Behind those of all configurations before, so that no place is used twice. */
  private firstPlace = 1;
  private readonly listeners: ((change: IssuerChange) => void)[] = [];

  override find(iss: string): Issuer | undefined {
    return this.byIdentifier.get(iss) ?? this.templates.find(({ template }) => tenantIn(template, iss) !== undefined);
  }

  override placeOf(issuer: Issuer): number {
    return this.places.get(issuer) ?? 0;
  }

  override at(place: number): Issuer | undefined {
    return this.placed[place - this.firstPlace];
  }

  override ofNameless(sub: JsonValue | undefined): Issuer | undefined {
    if (this.byTrustDomain.size === 0 && !this.nameless) return undefined;
    const domain = typeof sub === 'string' ? trustDomainOf(sub) : undefined;
    return domain === undefined ? this.nameless : this.byTrustDomain.get(domain);
  }

  override namesakes({ issuer }: Issuer): readonly Issuer[] {
    return this.shared.size === 0 ? nobody : (this.shared.get(issuer) ?? nobody);
  }

  override nearly(iss: string): Issuer | undefined {
    return this.byFoldedName.get(foldedName(iss));
  }

  override byId(id: string): Issuer | undefined {
    return this.byShortId.get(id);
  }

  override all(): readonly Issuer[] {
    return [...this.byShortId.values()];
  }

  override onChange(listener: (change: IssuerChange) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Registers exactly these issuers and calls every listener before it returns: a removed issuer is refused from the
   * next lookup on. An issuer whose key source changed counts as removed and added; any other change keeps its keys.
   */
  replace(issuers: readonly Issuer[]): void {
    const before = this.byShortId;
    this.templates = issuers.filter(isTemplate);
    this.byTrustDomain = new Map(
      issuers.flatMap((issuer) => (issuer.spiffe ? [[issuer.spiffe.trustDomain, issuer]] : [])),
    );
    this.nameless = issuers.find(({ allowMissingIss }) => allowMissingIss === true);
    const byIdentifier = Map.groupBy(
      issuers.filter((issuer) => !isTemplate(issuer) && issuer.spiffe?.hasIssuer !== false),
      ({ issuer }) => issuer,
    );
    // What is registered by itself is not a tenant of another registration, too.
    for (const [name, namesakes] of byIdentifier) {
      const own = namesakes.filter(({ tenantOf }) => !tenantOf);
      if (own.length > 0) byIdentifier.set(name, own);
    }
    this.byIdentifier = new Map([...byIdentifier].flatMap(([name, [first]]) => (first ? [[name, first]] : [])));
    this.shared = new Map([...byIdentifier].filter(([, namesakes]) => namesakes.length > 1));
    this.byFoldedName = new Map(issuers.map((issuer) => [foldedName(issuer.issuer), issuer]));
    this.byShortId = new Map(issuers.map((issuer) => [issuer.id, issuer]));
    this.firstPlace += this.placed.length;
    this.placed = issuers;
    this.places = new Map(issuers.map((issuer, i) => [issuer, this.firstPlace + i]));
    const change: IssuerChange = {
      added: issuers.filter((issuer) => !hasSameKeys(before.get(issuer.id), issuer)),
      removed: [...before.values()].filter((issuer) => !hasSameKeys(this.byShortId.get(issuer.id), issuer)),
    };
    for (const listener of this.listeners) listener(change);
  }
}

function hasSameKeys(one: Issuer | undefined, other: Issuer): boolean {
  return one?.keySourceFingerprint === other.keySourceFingerprint;
}
